// SHA-256 of a text, because names that Kubernetes derives by it (VolumeAttachments) must be the real ones and the engine has no crypto.

/** Lower-case hexadecimal digest of the text's UTF-8 bytes; ASCII text only, which names are. FIPS 180-4. */
export function sha256(text: string): string {
  const words = padded(text);
  const hash = Uint32Array.from(INITIAL);
  const schedule = new Uint32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16));
    extend(schedule);
    compress(hash, schedule);
  }
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function padded(text: string): Uint32Array {
  const blocks = Math.floor((text.length + 8) / 64) + 1;
  const words = new Uint32Array(blocks * 16);
  const put = (index: number, byte: number): void => {
    const word = index >> 2;
    words[word] = at(words, word) | (byte << (24 - (index & 3) * 8));
  };
  for (let index = 0; index < text.length; index += 1) put(index, text.charCodeAt(index) & 0xff);
  put(text.length, 0x80);
  words[words.length - 1] = text.length * 8;
  return words;
}

function extend(schedule: Uint32Array): void {
  for (let index = 16; index < 64; index += 1) {
    const early = at(schedule, index - 15);
    const late = at(schedule, index - 2);
    const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[index] = at(schedule, index - 16) + s0 + at(schedule, index - 7) + s1;
  }
}

function compress(hash: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = [...hash] as [number, number, number, number, number, number, number, number];
  for (let round = 0; round < 64; round += 1) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + at(ROUNDS, round) + at(schedule, round)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) hash[index] = at(hash, index) + word;
}

const at = (words: Uint32Array, index: number): number => words[index] as number;
const rotated = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

const PRIMES: readonly number[] = firstPrimes(64);
/** The first 32 bits of the fractional parts of square roots of the first 8 primes and cube roots of the first 64, found by whole-number search. */
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fractionOfRoot(BigInt(prime), 2n));
const ROUNDS = Uint32Array.from(PRIMES, (prime) => fractionOfRoot(BigInt(prime), 3n));

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}

function fractionOfRoot(prime: bigint, power: bigint): number {
  const scaled = prime << (32n * power);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}
