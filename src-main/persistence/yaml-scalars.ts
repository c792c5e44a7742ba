// Plain scalars as kubectl reads them: its YAML library follows YAML 1.1 for booleans and octal numbers, without sexagesimals and timestamps.
// upstream: sigs.k8s.io/yaml/goyaml.v2 resolve.go
import type { ScalarTag, Tags } from 'yaml';

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const BOOLEAN = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Replaces the tags of YAML 1.2's core schema that kubectl reads otherwise. */
export function kubectlTags(core: Tags): Tags {
  const replaced: ReadonlySet<string> = new Set([boolean.tag, integer.tag, float.tag]);
  return [...core.filter((tag) => typeof tag === 'string' || !replaced.has(tag.tag)), boolean, integer, float, binary];
}

const boolean: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: BOOLEAN,
  resolve: (text) => TRUE.test(text),
};

const integer: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: INTEGER,
  resolve: (text) => {
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    const octal = /^0[0-7]+$/.test(digits);
    const value = octal ? Number.parseInt(digits, 8) : Number(digits);
    return text.startsWith('-') ? -value : value;
  },
};

const float: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: FLOAT,
  // A number too big for JSON stays the text it was.
  resolve: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
};

const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (text) => Buffer.from(text, 'base64').toString('utf8'),
};
