// What is known of images: size and behaviour of those that documentation and samples use; any other image is taken for a service on its declared ports.

/** How the program of an image behaves when nobody gives it another command. */
export interface ImageFacts {
  /** Compressed size, as a pull downloads it. */
  readonly bytes: number;
  /** service: runs until stopped. shell: runs its command, and without one ends at once with 0. task: ends by itself. */
  readonly kind: 'service' | 'shell' | 'task';
  /** Until a service answers, or a task ends. */
  readonly startUpMs: number;
  /** Ports it opens besides those the manifest declares. */
  readonly ports: readonly number[];
  /** From SIGTERM to its exit. */
  readonly stopMs: number;
  /** Exit code after SIGTERM; a task's own exit code. */
  readonly exitCode: number;
  /** What it writes into its data directory when it is up, so that persistence can be seen. */
  readonly marker?: string;
  /** Tags that exist; absent: all of them. */
  readonly tags?: RegExp;
}

const MB = 1_000_000;

function service(megabytes: number, startUpMs: number, ports: readonly number[], rest: Partial<ImageFacts> = {}): ImageFacts {
  return { bytes: Math.round(megabytes * MB), kind: 'service', startUpMs, ports, stopMs: 200, exitCode: 0, ...rest };
}

function shell(megabytes: number): ImageFacts {
  return { bytes: Math.round(megabytes * MB), kind: 'shell', startUpMs: 0, ports: [], stopMs: 0, exitCode: 0 };
}

function task(megabytes: number, runMs: number): ImageFacts {
  return { bytes: Math.round(megabytes * MB), kind: 'task', startUpMs: runMs, ports: [], stopMs: 100, exitCode: 0 };
}

/** Of the project's own making where a size is not published: a typical size of its kind. Keys are repositories without registry, tag and `library/`; the longest suffix that matches wins. */
const CATALOGUE: ReadonlyMap<string, ImageFacts> = new Map([
  ['nginx', service(72, 80, [80], { tags: /^(latest|stable|mainline|perl|alpine|1(\.(\d|1\d|2\d)(\.\d{1,2})?)?)(-[a-z].*)?$/ })],
  ['httpd', service(58, 600, [80])],
  ['caddy', service(20, 400, [80, 443])],
  ['traefik', service(45, 800, [80])],
  ['redis', service(45, 80, [6379], { marker: '/data/dump.rdb' })],
  ['memcached', service(32, 200, [11211])],
  ['postgres', service(110, 3000, [5432], { stopMs: 800, marker: '/var/lib/postgresql/data/PG_VERSION' })],
  ['mysql', service(160, 8000, [3306], { stopMs: 1500, marker: '/var/lib/mysql/ibdata1' })],
  ['mariadb', service(120, 5000, [3306], { stopMs: 1000, marker: '/var/lib/mysql/ibdata1' })],
  ['mongo', service(240, 3000, [27017], { stopMs: 1000, marker: '/data/db/WiredTiger' })],
  ['cassandra', service(150, 20_000, [7000, 7001, 7199, 9042], { stopMs: 2000, exitCode: 143, marker: '/cassandra_data/data/system' })],
  ['rabbitmq', service(90, 6000, [5672], { stopMs: 2000 })],
  ['etcd', service(60, 1000, [2379, 2380])],
  ['wordpress', service(220, 2000, [80], { marker: '/var/www/html/wp-config.php' })],
  ['hpa-example', service(180, 1000, [80])],
  ['echoserver', service(43, 500, [8080])],
  ['agnhost', service(50, 300, [])],
  ['liveness', service(2, 300, [8080])],
  ['stress', service(4, 10, [])],
  ['gb-frontend', service(330, 1000, [80])],
  ['gb-redis-follower', service(40, 500, [6379])],
  ['gb-redisslave', service(40, 500, [6379])],
  ['redis-slave', service(40, 500, [6379])],
  ['guestbook', service(120, 500, [3000])],
  ['examplevotingapp_vote', service(55, 1500, [80])],
  ['examplevotingapp_result', service(95, 1500, [80, 4000])],
  ['examplevotingapp_worker', service(80, 1000, [])],
  ['microservices-demo/frontend', service(30, 800, [8080])],
  ['microservices-demo/adservice', service(110, 6000, [9555], { exitCode: 143 })],
  ['microservices-demo/cartservice', service(60, 1500, [7070])],
  ['microservices-demo/checkoutservice', service(25, 800, [5050])],
  ['microservices-demo/currencyservice', service(70, 1500, [7000])],
  ['microservices-demo/emailservice', service(85, 2500, [8080])],
  ['microservices-demo/paymentservice', service(70, 1500, [50051])],
  ['microservices-demo/productcatalogservice', service(25, 800, [3550])],
  ['microservices-demo/recommendationservice', service(85, 2500, [8080])],
  ['microservices-demo/shippingservice', service(25, 800, [50051])],
  ['microservices-demo/loadgenerator', service(90, 2500, [])],
  ['coredns', service(18, 500, [53, 8080, 8181])],
  ['metrics-server', service(20, 2000, [10250])],
  ['kube-proxy', service(30, 500, [10249, 10256])],
  ['busybox', shell(2.2)],
  ['alpine', shell(3.6)],
  ['debian', shell(49)],
  ['ubuntu', shell(30)],
  ['bash', shell(6)],
  ['curl', shell(8)],
  ['pause', service(0.3, 10, [], { stopMs: 20 })],
  ['hello-world', task(0.01, 50)],
  ['perl', task(340, 5000)],
]);

const UNKNOWN = service(100, 2000, []);

const BUSYBOX = [
  ...[
    'wget',
    'nc',
    'nslookup',
    'ping',
    'vi',
    'ps',
    'top',
    'free',
    'uptime',
    'sed',
    'awk',
    'find',
    'xargs',
    'md5sum',
    'netstat',
    'ifconfig',
    'ip',
  ],
];

/** Programs beside those of every small system, of images of which they are known. */
const PROGRAMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['busybox', BUSYBOX],
  ['alpine', [...BUSYBOX, 'apk']],
  ['bash', [...BUSYBOX, 'bash']],
  ['curl', [...BUSYBOX, 'curl']],
  ['debian', ['apt-get', 'apt', 'find', 'sed', 'awk', 'xargs']],
  ['ubuntu', ['apt-get', 'apt', 'find', 'sed', 'awk', 'xargs']],
  ['nginx', ['nginx', 'curl', 'find', 'sed', 'awk', 'xargs', 'apt-get']],
  ['httpd', ['httpd', 'apachectl', 'find', 'sed', 'awk', 'xargs', 'apt-get']],
  ['redis', ['redis-server', 'redis-cli', 'redis-benchmark']],
  ['postgres', ['postgres', 'psql', 'pg_isready', 'pg_dump', 'pg_ctl']],
  ['mysql', ['mysqld', 'mysql', 'mysqladmin', 'mysqldump']],
  ['mariadb', ['mariadbd', 'mariadb', 'mariadb-admin', 'mariadb-dump']],
  ['mongo', ['mongod', 'mongosh', 'mongo']],
  ['memcached', ['memcached']],
  ['pause', []],
  ['coredns', []],
  ['metrics-server', []],
  ['hello-world', []],
]);

/** Has the image a program by that name? Of images that are not known, nobody can say no. */
export function hasProgram(image: string, program: string): boolean {
  const { repository, tag } = parseImage(image);
  const known = PROGRAMS.get(repository.slice(repository.lastIndexOf('/') + 1));
  if (known === undefined || known.includes(program)) return true;
  return tag.includes('alpine') && (program === 'apk' || BUSYBOX.includes(program));
}

/** Is the program known to be in the image, and not only thought to be? */
export function knowsProgram(image: string, program: string): boolean {
  return PROGRAMS.has(baseName(image)) && hasProgram(image, program);
}

/** Has the image a shell and the small programs of every system? Some hold nothing but their own program. */
export function isBare(image: string): boolean {
  return PROGRAMS.get(baseName(image))?.length === 0;
}

/** Has the image the shell by that name? Small systems have no bash. */
export function hasShell(image: string, shell: string): boolean {
  if (isBare(image)) return false;
  const name = baseName(image);
  const isSmall =
    name === 'busybox' || name === 'alpine' || name === 'curl' || (name !== 'bash' && parseImage(image).tag.includes('alpine'));
  return !(shell === 'bash' && isSmall);
}

/** What the image runs when it is told nothing. */
const COMMANDS: Readonly<Record<string, string>> = {
  nginx: 'nginx: master process nginx -g daemon off;',
  httpd: 'httpd -DFOREGROUND',
  redis: 'redis-server *:6379',
  postgres: 'postgres',
  mysql: 'mysqld',
  mariadb: 'mariadbd',
  mongo: 'mongod --bind_ip_all',
  pause: '/pause',
  busybox: 'sh',
  alpine: '/bin/sh',
  debian: 'bash',
  ubuntu: '/bin/bash',
};

export function imageCommand(image: string): string {
  const name = baseName(image);
  return COMMANDS[name] ?? name;
}

/** Users of images that do not run as root. Of a name nobody can tell the number without looking into the image. */
const USERS: ReadonlyMap<string, number | string> = new Map<string, number | string>([
  ['pause', 65_535],
  ['coredns', 'nonroot'],
  ['metrics-server', 65_534],
  ['memcached', 'memcache'],
  ['nginx-unprivileged', 101],
  ['curl', 'curl_user'],
]);
/** Publishers whose images never run as root, whatever is in them. */
const ROOTLESS = /^(bitnami|bitnamilegacy)\//;
const ROOTLESS_USER = 1001;

/** The user that the image names for its program; undefined: nobody knows the image. */
export function imageUser(image: string): number | string | undefined {
  const { repository } = parseImage(image);
  if (ROOTLESS.test(repository)) return ROOTLESS_USER;
  const isOfSamples = repository.includes('microservices-demo/');
  return USERS.get(baseName(image)) ?? (isOfSamples || !isKnownImage(image) ? undefined : 0);
}

/** Groups that the image puts root into. */
export function imageGroups(image: string): readonly number[] {
  const name = baseName(image);
  if (name === 'alpine' || parseImage(image).tag.includes('alpine')) return [0, 1, 2, 3, 4, 6, 10, 11, 20, 26, 27];
  return name === 'busybox' ? [0, 10] : [0];
}

function baseName(image: string): string {
  const { repository } = parseImage(image);
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** An image reference taken apart. upstream: distribution/reference normalize.go */
export interface ImageReference {
  /** `docker.io`, `registry.k8s.io`... */
  readonly registry: string;
  /** `library/nginx`. */
  readonly repository: string;
  readonly tag: string;
  /** `docker.io/library/nginx:1.27`: as the runtime names it. */
  readonly full: string;
}

/** The reference with Docker's defaults: docker.io, library/, latest. */
export function parseImage(image: string): ImageReference {
  let reference = references.get(image);
  if (reference === undefined) {
    reference = readImage(image);
    if (references.size < REFERENCES_MAX) references.set(image, reference);
  }
  return reference;
}

/** Each status of each container names its image. */
const references = new Map<string, ImageReference>();
const REFERENCES_MAX = 1_000;

function readImage(image: string): ImageReference {
  const [name = '', digest] = image.split('@', 2);
  const slash = name.indexOf('/');
  const head = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = head.includes('.') || head.includes(':') || head === 'localhost';
  const registry = hasRegistry ? head : 'docker.io';
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? (digest === undefined ? 'latest' : '') : rest.slice(colon + 1);
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const full = `${registry}/${repository}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return { registry, repository, tag, full };
}

/** Facts of an image, known or assumed. */
export function imageFacts(image: string): ImageFacts {
  let { repository } = parseImage(image);
  for (;;) {
    const facts = CATALOGUE.get(repository);
    if (facts !== undefined) return facts;
    const slash = repository.indexOf('/');
    if (slash < 0) return UNKNOWN;
    repository = repository.slice(slash + 1);
  }
}

/** Is it in the catalogue? */
export function isKnownImage(image: string): boolean {
  return imageFacts(image) !== UNKNOWN;
}

const MISSING = /(^|[-_./])(no-such|nosuch|does-not-exist|doesnotexist|nonexistent|not-there|missing|invalid)($|[-_./])/;

/** Is there such an image at its registry? Known images have known tags; of others, only a name that says so is missing. */
export function imageExists(image: string): boolean {
  const { registry, repository, tag } = parseImage(image);
  if (MISSING.test(repository) || MISSING.test(tag) || registry.endsWith('.invalid')) return false;
  const { tags } = imageFacts(image);
  return tags === undefined || tag === '' || tags.test(tag);
}
