// With the page come its styles: whoever waits for the one has both.
import "./styles.css";

export { LessonAt } from "./page.tsx";
