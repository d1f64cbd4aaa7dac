import { fourier } from "./fourier.ts";
import { linear } from "./linear.ts";
import { mlp } from "./mlp.ts";
import type { PolicyKind } from "./policy.ts";
import { softmax } from "./softmax.ts";

/** Every kind of policy there is, by name. */
export const policyKinds: Readonly<Record<string, PolicyKind>> = Object.fromEntries(
  [fourier, mlp, softmax, linear].map((kind) => [kind.name, kind]),
);
