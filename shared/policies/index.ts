import { fourier } from "./fourier.ts";
import { gaussianProcess } from "./gaussianProcess.ts";
import { imported } from "./imported.ts";
import { linear } from "./linear.ts";
import { linearDescent } from "./linearDescent.ts";
import { mlp } from "./mlp.ts";
import { mlpEnsemble } from "./mlpEnsemble.ts";
import { mlpGaussian } from "./mlpGaussian.ts";
import { mlpSoftmax } from "./mlpSoftmax.ts";
import type { Policy, PolicyJson, PolicyKind } from "./policy.ts";
import { softmax } from "./softmax.ts";
import { tabular } from "./tabular.ts";

/** Every kind of policy that is learned from pairs alone, by name. */
export const policyKinds: Readonly<Record<string, PolicyKind>> = Object.fromEntries(
  [
    gaussianProcess,
    fourier,
    mlp,
    mlpGaussian,
    mlpEnsemble,
    linear,
    linearDescent,
    softmax,
    tabular,
    mlpSoftmax,
  ].map((kind) => [kind.name, kind]),
);

/** All that a lesson may learn by: one begins with a network from elsewhere, which the lesson has to have. */
export const learners: Readonly<
  Record<string, Pick<PolicyKind, "name" | "title" | "learnsAtOnce" | "costAPair">>
> = { ...policyKinds, [imported.name]: imported };

/** The policy that was stored as `json`, of whatever kind. @throws RangeError, or TypeError, where it is none */
export function policyOf(json: PolicyJson): Policy {
  return json.kind === imported.name
    ? imported.fromJSON(json)
    : policyKinds[json.kind]!.fromJSON(json);
}
