// Opens a terminal in which kubectl speaks to the lab, with what the platform has. Nothing of the window's own goes into the command but a path of ours.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Terminal {
  readonly program: string;
  readonly argv: (script: string) => readonly string[];
}

const GREETING = 'echo "kubectl speaks to the lab here. Try: kubectl get nodes"';

const onLinux: readonly Terminal[] = [
  { program: 'x-terminal-emulator', argv: (script) => ['-e', 'sh', '-c', script] },
  { program: 'gnome-terminal', argv: (script) => ['--', 'sh', '-c', script] },
  { program: 'konsole', argv: (script) => ['-e', 'sh', '-c', script] },
  { program: 'xfce4-terminal', argv: (script) => ['-x', 'sh', '-c', script] },
  { program: 'xterm', argv: (script) => ['-e', 'sh', '-c', script] },
];

/** undefined: this platform has none that we know. */
export function findTerminal(
  platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Terminal | undefined {
  if (platform === 'darwin')
    return {
      program: 'osascript',
      argv: (script) => [
        '-e',
        `tell application "Terminal" to do script ${JSON.stringify(script)}`,
        '-e',
        'tell application "Terminal" to activate',
      ],
    };
  if (platform === 'win32')
    return { program: 'cmd.exe', argv: () => ['/c', 'start', 'cmd.exe', '/k', 'echo kubectl speaks to the lab here.'] };
  if ((env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') === '') return undefined;
  return onLinux.find(({ program }) => isInstalled(program, env['PATH'] ?? ''));
}

/** Resolves when it has started; rejects with what to do when it could not. */
export function openTerminal(terminal: Terminal, kubeconfig: string): Promise<void> {
  const quoted = `'${kubeconfig.replaceAll("'", `'\\''`)}'`;
  const script = `export KUBECONFIG=${quoted}; ${GREETING}; exec "\${SHELL:-sh}"`;
  return new Promise((resolve, reject) => {
    const child = spawn(terminal.program, terminal.argv(script), {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, KUBECONFIG: kubeconfig },
    });
    child.once('error', (error) => reject(new Error(`${terminal.program} did not start: ${error.message}`)));
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function isInstalled(program: string, path: string): boolean {
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
