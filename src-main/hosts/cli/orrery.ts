/**
 * The command line's entry.
 * A placeholder until the commands are written.
 */
console.log('orrery: a Kubernetes 1.33 cluster, simulated. Commands: none yet.');
