// The wire format of protocol buffers: numbered fields, each a number or a run of bytes. Every length is checked, because the bytes come from outside.

export class ProtobufReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Field numbers and values in order; fixed-width numbers count as numbers. Throws RangeError when the bytes end too early. */
  *fields(): Generator<readonly [number: number, value: Buffer | bigint]> {
    while (this.#at < this.#bytes.length) {
      const tag = this.#varint();
      const number = Number(tag >> 3n);
      const wire = Number(tag & 7n);
      if (wire === 0) yield [number, this.#varint()];
      else if (wire === 1) yield [number, this.#take(8).readBigUInt64LE(0)];
      else if (wire === 2) yield [number, this.#take(Number(this.#varint()))];
      else if (wire === 5) yield [number, BigInt(this.#take(4).readUInt32LE(0))];
      else throw new RangeError(`illegal wire type ${wire}`);
    }
  }

  /** The bytes as numbers one after the other. */
  *numbers(): Generator<bigint> {
    while (this.#at < this.#bytes.length) yield this.#varint();
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new RangeError('unexpected end of the message');
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is too long');
  }

  #take(length: number): Buffer {
    if (!(length >= 0 && this.#at + length <= this.#bytes.length)) throw new RangeError('unexpected end of the message');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
