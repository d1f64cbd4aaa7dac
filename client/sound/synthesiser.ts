import type { Heard } from "./sound.ts";

/** How loud all of it is at most, in (0, 1]. */
const loudness = 0.5;
/** Of the engine at rest and at the usual speed, Hz. */
const idlePitch = 46;
const usualPitch = 92;
/** Seconds in which a sound comes to where it is to be. */
const glide = 0.07;
/** Seconds of silence after which the machine has nothing more to compute. */
const patience = 3;

/** Makes all sounds: an engine, wind, a crash and a chime. Nothing of it is a recording. */
export class Synthesiser {
  readonly #context: AudioContext;
  readonly #out: GainNode;
  readonly #noise: AudioBuffer;
  readonly #motors: readonly OscillatorNode[];
  readonly #engine: GainNode;
  readonly #muffle: BiquadFilterNode;
  readonly #wind: GainNode;
  readonly #whistle: BiquadFilterNode;
  #rest: ReturnType<typeof setTimeout> | null = null;

  constructor(context: AudioContext) {
    this.#context = context;
    this.#out = context.createGain();
    this.#out.gain.value = loudness;
    // Where several sounds meet, none is to be cut off.
    this.#out.connect(context.createDynamicsCompressor()).connect(context.destination);
    this.#noise = noiseOf(context);

    this.#engine = this.#gain(0);
    this.#muffle = filter(context, "lowpass", 420, 1.2);
    this.#muffle.connect(this.#engine).connect(this.#out);
    this.#motors = (["sawtooth", "triangle"] as const).map((type, i) => {
      const motor = context.createOscillator();
      motor.type = type;
      motor.detune.value = 9 * i;
      motor.connect(this.#muffle);
      motor.start();
      return motor;
    });

    this.#wind = this.#gain(0);
    this.#whistle = filter(context, "bandpass", 500, 0.8);
    const air = this.#hiss(true);
    air.connect(this.#whistle).connect(this.#wind).connect(this.#out);
    air.start();
    this.hear(null);
    // Whoever turns to another page hears that one.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.silence();
    });
  }

  hear(heard: Heard | null): void {
    const now = this.#context.currentTime;
    const to = (param: AudioParam, value: number) => param.setTargetAtTime(value, now, glide);
    const { speed, wind } = heard ?? { speed: 0, wind: 0 };
    to(this.#engine.gain, heard ? 0.16 : 0);
    to(this.#wind.gain, 0.9 * wind);
    to(this.#whistle.frequency, 320 + 620 * wind);
    if (heard) {
      const pitch = idlePitch + (usualPitch - idlePitch) * Math.min(1.6, speed);
      this.#motors.forEach((motor, i) => {
        to(motor.frequency, pitch * (i + 1));
      });
      to(this.#muffle.frequency, 260 + 260 * Math.min(1.6, speed));
      this.wake();
    } else if (this.#rest === null) this.#restSoon(patience);
  }

  /** A thump and gravel. */
  crash(): void {
    this.wake();
    const { currentTime: now } = this.#context;
    const thump = this.#context.createOscillator();
    thump.frequency.setValueAtTime(120, now);
    thump.frequency.exponentialRampToValueAtTime(34, now + 0.22);
    thump.connect(this.#fade(now, 0.9, 0.3));
    thump.start(now);
    thump.stop(now + 0.35);
    const gravel = this.#hiss(false);
    const dull = filter(this.#context, "lowpass", 2400, 0.7);
    dull.frequency.exponentialRampToValueAtTime(260, now + 0.5);
    gravel.connect(dull).connect(this.#fade(now, 0.55, 0.6));
    gravel.start(now);
    gravel.stop(now + 0.65);
    this.#restSoon(patience);
  }

  /** Two notes, a fifth apart. */
  chime(): void {
    this.wake();
    const { currentTime: now } = this.#context;
    for (const [i, pitch] of [659.25, 987.77].entries()) {
      const at = now + 0.13 * i;
      const bell = this.#context.createOscillator();
      bell.frequency.value = pitch;
      bell.connect(this.#fade(at, 0.22, 0.9));
      bell.start(at);
      bell.stop(at + 1);
    }
    this.#restSoon(patience);
  }

  wake(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    if (this.#context.state !== "running") void this.#context.resume();
  }

  silence(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    void this.#context.suspend();
  }

  #restSoon(seconds: number): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.silence(), 1000 * seconds);
  }

  #gain(value: number): GainNode {
    const gain = this.#context.createGain();
    gain.gain.value = value;
    return gain;
  }

  /** A gain that goes from `peak` to nothing in so many seconds. */
  #fade(at: number, peak: number, seconds: number): GainNode {
    const gain = this.#gain(0);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(peak, at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    gain.connect(this.#out);
    return gain;
  }

  #hiss(loop: boolean): AudioBufferSourceNode {
    const source = this.#context.createBufferSource();
    source.buffer = this.#noise;
    source.loop = loop;
    return source;
  }
}

function filter(
  context: AudioContext,
  type: BiquadFilterType,
  frequency: number,
  quality: number,
): BiquadFilterNode {
  const node = context.createBiquadFilter();
  node.type = type;
  node.frequency.value = frequency;
  node.Q.value = quality;
  return node;
}

/** Two seconds of noise, darker than white. */
function noiseOf(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, 2 * context.sampleRate, context.sampleRate);
  const samples = buffer.getChannelData(0);
  let last = 0;
  for (let i = 0; i < samples.length; i++) {
    last = 0.82 * last + 0.18 * (2 * Math.random() - 1);
    samples[i] = 2.4 * last;
  }
  return buffer;
}
