import "../jitless.ts";
import { render } from "preact";
import { BcVsDagger } from "./page.tsx";

render(<BcVsDagger />, document.getElementById("app")!);
