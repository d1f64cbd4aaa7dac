import "../jitless.ts";
import { render } from "preact";
import { StudyApp } from "./app.tsx";

render(<StudyApp />, document.getElementById("app")!);
