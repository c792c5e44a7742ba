// What processes of an image use: idle, while they start, for each request, and as time goes by. Of the project's own making: typical values of their kind.
import { quantityValue } from '../meta/quantity.ts';
import { type AnnotationName, numberOf } from './annotations.ts';
import { parseImage } from './image-catalogue.ts';
import { type ToldContainer, toldProgram } from './told-programs.ts';

export interface ResourceProfile {
  readonly idleCpuMillis: number;
  /** Until the service answers. */
  readonly startUpCpuMillis: number;
  /** Milliseconds of one core. */
  readonly cpuMsPerRequest: number;
  readonly memoryBytes: number;
  readonly memoryGrowthBytesPerSecond: number;
}

interface ProfiledContainer extends ToldContainer {
  readonly name: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

type Annotations = Readonly<Record<string, string>> | undefined;

const MEBIBYTE = 1024 * 1024;

function uses(idleCpuMillis: number, mebibytes: number, cpuMsPerRequest: number, startUpCpuMillis = idleCpuMillis): ResourceProfile {
  return { idleCpuMillis, startUpCpuMillis, cpuMsPerRequest, memoryBytes: mebibytes * MEBIBYTE, memoryGrowthBytesPerSecond: 0 };
}

const UNKNOWN = uses(1, 24, 1);

/** Keys as in the catalogue of images. */
const PROFILES: ReadonlyMap<string, ResourceProfile> = new Map([
  ['nginx', uses(1, 8, 0.2)],
  ['httpd', uses(1, 12, 0.5)],
  ['redis', uses(2, 8, 0.05)],
  ['memcached', uses(1, 4, 0.05)],
  ['postgres', uses(3, 40, 2, 200)],
  ['mysql', uses(5, 380, 2, 500)],
  ['mariadb', uses(4, 110, 2, 400)],
  ['mongo', uses(6, 120, 1, 300)],
  ['cassandra', uses(40, 1100, 2, 1000)],
  ['rabbitmq', uses(10, 110, 0.5, 500)],
  ['wordpress', uses(2, 60, 40, 100)],
  // One million square roots a request: the sample of the documentation of autoscaling.
  ['hpa-example', uses(1, 10, 24)],
  ['microservices-demo/frontend', uses(3, 20, 4)],
  ['microservices-demo/adservice', uses(3, 110, 2, 600)],
  ['microservices-demo/recommendationservice', uses(6, 45, 3)],
  ['microservices-demo/loadgenerator', uses(20, 60, 0)],
  ['busybox', uses(0, 1, 0)],
  ['alpine', uses(0, 1, 0)],
  ['bash', uses(0, 2, 0)],
  ['curl', uses(0, 2, 0)],
  ['debian', uses(0, 2, 0)],
  ['ubuntu', uses(0, 2, 0)],
  ['pause', uses(0, 1, 0)],
  ['metrics-server', uses(4, 20, 1)],
  ['coredns', uses(2, 15, 0.1)],
]);

const FIELDS: readonly (readonly [keyof ResourceProfile, AnnotationName])[] = [
  ['idleCpuMillis', 'cpu-millis'],
  ['startUpCpuMillis', 'start-up-cpu-millis'],
  ['cpuMsPerRequest', 'cpu-millis-per-request'],
  ['memoryBytes', 'memory-bytes'],
  ['memoryGrowthBytesPerSecond', 'memory-growth-bytes-per-second'],
];

/** What annotations say, over what the program is told, over what is known of the image. */
export function resourceProfile(container: ProfiledContainer, annotations: Annotations): ResourceProfile {
  const ofImage = withinLimit(profileOfImage(container.image ?? ''), container.resources?.limits?.['memory']);
  const { cpuMillis = ofImage.idleCpuMillis, memoryBytes = 0 } = toldProgram(container);
  const known =
    cpuMillis === ofImage.idleCpuMillis && memoryBytes === 0
      ? ofImage
      : { ...ofImage, idleCpuMillis: cpuMillis, memoryBytes: ofImage.memoryBytes + memoryBytes };
  if (annotations === undefined || !Object.keys(annotations).some((name) => name.startsWith('orrery.dev/'))) return known;
  const given: Partial<Record<keyof ResourceProfile, number>> = {};
  for (const [field, name] of FIELDS) {
    const value = numberOf(annotations, container.name, name);
    if (value !== undefined) given[field] = value;
  }
  // Who says what a service uses when idle says it of its start, too.
  const idle = given.idleCpuMillis;
  return { ...known, ...(idle === undefined ? {} : { startUpCpuMillis: idle }), ...given };
}

/** Who sets a limit has fitted the program to it: it stays a tenth below. */
function withinLimit(profile: ResourceProfile, limit: string | undefined): ResourceProfile {
  const bytesMax = limit === undefined ? Infinity : Math.floor(quantityValue(limit) * 0.9);
  return profile.memoryBytes <= bytesMax ? profile : { ...profile, memoryBytes: bytesMax };
}

const byImage = new Map<string, ResourceProfile>();
const IMAGES_MAX = 4096;

function profileOfImage(image: string): ResourceProfile {
  let profile = byImage.get(image);
  if (profile !== undefined) return profile;
  let { repository } = parseImage(image);
  for (;;) {
    profile = PROFILES.get(repository);
    const slash = repository.indexOf('/');
    if (profile !== undefined || slash < 0) break;
    repository = repository.slice(slash + 1);
  }
  if (byImage.size >= IMAGES_MAX) byImage.clear();
  byImage.set(image, profile ?? UNKNOWN);
  return profile ?? UNKNOWN;
}
