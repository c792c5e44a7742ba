// Paths of the node's own file system, as hostPath and local volumes ask for them: what lies there, and what is made when nothing does.
import type { Volume } from '../kinds/core/pod-spec.ts';
import { goQuote } from '../meta/go-quote.ts';
import { parentOf } from '../runtime/file-paths.ts';

type Files = Record<string, string>;
type HostPath = NonNullable<Volume['hostPath']>;
type Found = 'Directory' | 'File' | 'Socket' | 'CharDevice';

/** '' when the path is as the volume wants it. Makes what the volume lets it make. upstream: pkg/volume/hostpath/host_path.go checkTypeInternal */
export function hostPathFault(files: Files, { path: given, type = '' }: HostPath): string {
  const path = bare(given);
  const found = foundAt(files, path);
  if (found === null && type === 'DirectoryOrCreate') makeDirectory(files, path);
  else if (found === null && type === 'FileOrCreate') return makeFile(files, path);
  else if (type !== '' && found !== type.replace('OrCreate', ''))
    return `hostPath type check failed: ${given} is not a ${NOUNS[type] ?? type}`;
  return '';
}

/** '' when a local volume can be mounted from there: nothing is made. upstream: pkg/volume/local/local.go getGlobalLocalPath, pkg/volume/util/hostutil GetFileType */
export function localPathFault(files: Files, path: string): string {
  const found = foundAt(files, bare(path));
  if (found === null) return `path ${goQuote(path)} does not exist`;
  return found === 'Directory' ? '' : 'only directory and block device are supported';
}

/** What a container is to see and nobody has made becomes a directory. upstream: containerd internal/cri/opts/spec_linux_opts.go WithMounts */
export function makeMounted(files: Files, { path }: HostPath): void {
  if (foundAt(files, bare(path)) === null) makeDirectory(files, bare(path));
}

/** Without slashes at its end; '' for the root. */
export function bare(path: string): string {
  return path.replace(/\/+$/, '');
}

const NOUNS: Readonly<Record<string, string>> = {
  Directory: 'directory',
  DirectoryOrCreate: 'directory',
  File: 'file',
  FileOrCreate: 'file',
  Socket: 'socket file',
  CharDevice: 'character device',
  BlockDevice: 'block device',
};

function foundAt(files: Files, path: string): Found | null {
  if (Object.hasOwn(files, path)) return 'File';
  if (path === '' || Object.hasOwn(files, `${path}/`) || Object.keys(files).some((other) => other.startsWith(`${path}/`)))
    return 'Directory';
  return onEveryNode.get(path) ?? null;
}

function makeDirectory(files: Files, path: string): void {
  files[`${path}/`] = '';
}

/** The directory around it is not made. */
function makeFile(files: Files, path: string): string {
  const parent = foundAt(files, bare(parentOf(path)));
  if (parent !== 'Directory') return `open ${path}: ${parent === null ? 'no such file or directory' : 'not a directory'}`;
  files[path] = '';
  return '';
}

/** What a machine with Debian, containerd and a kubelet has before anybody wrote to it, as far as volumes ask for it. */
const machine: Readonly<Record<Found, string>> = {
  Directory: `
    /bin /boot /dev /dev/net /dev/pts /dev/shm /etc /etc/cni /etc/cni/net.d /etc/containerd /etc/kubernetes /etc/kubernetes/manifests
    /etc/kubernetes/pki /etc/ssl /etc/ssl/certs /etc/ssl/private /etc/systemd /etc/systemd/system /home /lib /lib/modules /lib64 /media /mnt
    /opt /opt/cni /opt/cni/bin /proc /proc/sys /root /run /run/containerd /run/lock /run/systemd /run/udev /sbin /srv /sys /sys/class
    /sys/devices /sys/fs /sys/fs/bpf /sys/fs/cgroup /sys/kernel /sys/kernel/debug /sys/kernel/tracing /tmp /usr /usr/bin /usr/lib
    /usr/lib/modules /usr/local /usr/local/bin /usr/local/share /usr/local/share/ca-certificates /usr/sbin /usr/share
    /usr/share/ca-certificates /usr/src /var /var/cache /var/lib /var/lib/cni /var/lib/containerd /var/lib/kubelet
    /var/lib/kubelet/device-plugins /var/lib/kubelet/pki /var/lib/kubelet/plugins /var/lib/kubelet/plugins_registry /var/lib/kubelet/pods
    /var/lib/kubelet/pod-resources /var/local /var/lock /var/log /var/log/containers /var/log/journal /var/log/pods /var/run
    /var/run/containerd /var/run/lock /var/run/systemd /var/run/udev /var/spool /var/tmp`,
  File: `
    /etc/containerd/config.toml /etc/fstab /etc/group /etc/hostname /etc/hosts /etc/kubernetes/kubelet.conf /etc/localtime /etc/machine-id
    /etc/nsswitch.conf /etc/os-release /etc/passwd /etc/resolv.conf /etc/shadow /etc/ssl/certs/ca-certificates.crt /etc/timezone
    /run/xtables.lock /usr/lib/os-release /var/lib/kubelet/config.yaml /var/run/xtables.lock`,
  Socket: `
    /run/containerd/containerd.sock /run/dbus/system_bus_socket /run/systemd/journal/socket /var/lib/kubelet/device-plugins/kubelet.sock
    /var/lib/kubelet/pod-resources/kubelet.sock /var/run/containerd/containerd.sock /var/run/dbus/system_bus_socket`,
  CharDevice: '/dev/console /dev/fuse /dev/kmsg /dev/net/tun /dev/null /dev/ptmx /dev/random /dev/tty /dev/urandom /dev/zero',
};

const onEveryNode: ReadonlyMap<string, Found> = new Map(
  (Object.keys(machine) as Found[]).flatMap((found) =>
    machine[found]
      .trim()
      .split(/\s+/)
      .map((path): [string, Found] => [path, found]),
  ),
);
