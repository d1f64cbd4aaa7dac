/** What is used of a package that comes without types. */
declare module "gifenc" {
  export function quantize(rgba: Uint8ClampedArray, colours: number): number[][];
  export function nearestColorIndex(palette: number[][], pixel: number[]): number;
  export function GIFEncoder(): {
    writeFrame(
      pixels: Uint8Array,
      width: number,
      height: number,
      options: {
        palette?: number[][];
        transparent?: boolean;
        transparentIndex?: number;
        /** Milliseconds. */
        delay?: number;
        /** What becomes of the frame before the next: 1 to leave it. */
        dispose?: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
}
