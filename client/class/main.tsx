import "../jitless.ts";
import { render } from "preact";
import { ClassApp } from "./app.tsx";

render(<ClassApp />, document.getElementById("app")!);
