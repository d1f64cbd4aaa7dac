import { fourier } from "./fourier.ts";
import { gaussianProcess } from "./gaussianProcess.ts";
import { linear } from "./linear.ts";
import { linearDescent } from "./linearDescent.ts";
import { mlp } from "./mlp.ts";
import { mlpEnsemble } from "./mlpEnsemble.ts";
import { mlpGaussian } from "./mlpGaussian.ts";
import { mlpSoftmax } from "./mlpSoftmax.ts";
import type { PolicyKind } from "./policy.ts";
import { softmax } from "./softmax.ts";
import { tabular } from "./tabular.ts";

/** Every kind of policy there is, by name. */
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
