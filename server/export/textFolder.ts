import type { OutFile, OutFolder } from "../../shared/data/formats/format.ts";

/** Files of text in memory. */
export class TextFolder implements OutFolder {
  readonly texts: Record<string, string> = {};

  file(name: string): OutFile {
    let text = "";
    return {
      size: 0,
      write: (more) => {
        text += more;
      },
      close: () => {
        this.texts[name] = text;
      },
    };
  }
}
