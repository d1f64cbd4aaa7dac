import type { ClassConnection } from "../connection.ts";
import { useTimeLeft } from "../use-class.ts";
import type { ClassView } from "../view.ts";
import { sayTime } from "../words.ts";
import "./time-left.css";

/** How much time is left, large; nothing where there is no end. */
export function TimeLeft({ connection, view }: { connection: ClassConnection; view: ClassView }) {
  const left = useTimeLeft(connection, view.endsAt);
  if (left === null) return null;
  // Only its end is read aloud: nobody wants to hear every second.
  if (left > 0)
    return (
      <p class="time-left figures">
        <span class="hidden">Time left </span>
        {sayTime(left)}
      </p>
    );
  return (
    <p class="time-left over" role="status">
      Time is up
    </p>
  );
}
