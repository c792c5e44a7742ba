# What a person's Python scripts do with the lab: lists, a watch, patches, exec and logs. Prints one JSON line of what it found.
import json
import sys
import time

from kubernetes import client, config, watch
from kubernetes.stream import stream

config.load_kube_config(sys.argv[1])
core, apps = client.CoreV1Api(), client.AppsV1Api()
space = 'default'
found = {}

found['nodes'] = [node.metadata.name for node in core.list_node().items]
body = {'metadata': {'name': 'from-python'}, 'data': {'a': '1'}}
core.create_namespaced_config_map(space, body)
found['patched'] = core.patch_namespaced_config_map('from-python', space, {'data': {'b': '2'}}).data
try:
    core.create_namespaced_config_map(space, body)
except client.ApiException as error:
    found['refused'] = [error.status, json.loads(error.body)['reason']]

found['watched'] = []
for event in watch.Watch().stream(core.list_namespaced_config_map, space, field_selector='metadata.name=from-python', timeout_seconds=1):
    found['watched'].append([event['type'], event['object'].metadata.name])

labels = {'app': 'python'}
container = {'name': 'c', 'image': 'busybox:1.37', 'command': ['sh', '-c', 'echo spoken; sleep 3600']}
template = {'metadata': {'labels': labels}, 'spec': {'containers': [container]}}
spec = {'replicas': 1, 'selector': {'matchLabels': labels}, 'template': template}
apps.create_namespaced_deployment(space, {'metadata': {'name': 'python'}, 'spec': spec})
while not apps.read_namespaced_deployment('python', space).status.ready_replicas:
    time.sleep(0.1)
pod = core.list_namespaced_pod(space, label_selector='app=python').items[0].metadata.name
found['log'] = core.read_namespaced_pod_log(pod, space)
found['exec'] = stream(
    core.connect_get_namespaced_pod_exec, pod, space, command=['echo', 'hello'], stdout=True, stderr=True, stdin=False, tty=False
)
apps.patch_namespaced_deployment_scale('python', space, {'spec': {'replicas': 0}})
found['replicas'] = apps.read_namespaced_deployment_scale('python', space).spec.replicas
found['events'] = len(client.EventsV1Api().list_namespaced_event(space).items) > 0
print(json.dumps(found))
