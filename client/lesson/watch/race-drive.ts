import { type Episode, replay } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Role } from "../../drawing/trails.ts";
import { pathOf } from "../../drawing/trails.ts";
import type { Controls } from "../../stage/controls.ts";
import { PersonDrive } from "../activities/person-drive.ts";

/** A learner that drives beside the person. */
export interface Racer {
  readonly name: string;
  readonly role: Role;
  readonly episode: Episode;
}

/** How someone did. */
export interface Standing {
  readonly name: string;
  readonly role: Role;
  readonly measure: string;
}

/**
 * The person and the learners on one seed, which is to say from one start and in one wind; the learners
 * go a step for each of the person's.
 * @param onOver told how everyone did, the person first, once the person has come to the end; never
 * where they broke off
 */
export function race(
  world: Level,
  seed: number,
  racers: readonly Racer[],
  controls: Controls,
  onOver: (standings: readonly Standing[]) => void,
): PersonDrive {
  const standing = ({ name, role, episode }: Racer): Standing => {
    const value = world.measure.of(replay(world, episode));
    return { name, role, measure: world.measure.say(value) };
  };
  return new PersonDrive(world, seed, controls, {
    background: [],
    companions: racers.map(({ role, episode }) => ({
      path: pathOf(world, replay(world, episode)),
      role,
    })),
    onOver(episode) {
      const { length, outcomes } = replay(world, episode);
      if (length < world.horizon && outcomes[length - 1] !== Outcome.done) return;
      onOver([{ name: "You", role: "expert", episode } as const, ...racers].map(standing));
    },
  });
}
