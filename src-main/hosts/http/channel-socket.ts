// What streams need of a connection, whether it is a WebSocket or SPDY: messages, each of which begins with the number of its channel where there are several.
// upstream: apimachinery pkg/util/remotecommand/constants.go

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const ERROR = 3;
export const RESIZE = 4;
/** Says that another channel, named by the next byte, is closed. */
export const CLOSE = 255;

/** Bytes both ways, in the pieces in which they come. */
export interface MessageSocket {
  readonly isOpen: () => boolean;
  readonly send: (message: Buffer, sent?: () => void) => void;
  readonly close: (code: number) => void;
  readonly terminate: () => void;
  readonly onMessage: (hear: (message: Buffer) => void) => void;
  readonly onClose: (hear: () => void) => void;
}

export interface ChannelSocket extends MessageSocket {
  /** Can the client say that its input has ended? Version 5 of the protocol can, and SPDY. */
  readonly endsInput: boolean;
}
