# What a person's Python scripts do with the lab: lists, watches, patches, streams into pods, kinds of their own, tokens and evictions. Prints one JSON line of what it found.
import json
import sys
import time

from kubernetes import client, config, dynamic, watch
from kubernetes.stream import portforward, stream

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

pod = {'metadata': {'name': 'open'}, 'spec': {'containers': [{'name': 'c', 'image': 'nginx:1.28', 'ports': [{'containerPort': 80}]}]}}
core.create_namespaced_pod(space, pod)
while core.read_namespaced_pod('open', space).status.phase != 'Running':
    time.sleep(0.1)
shell = stream(core.connect_get_namespaced_pod_exec, 'open', space, command=['cat'], stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
shell.write_stdin('typed')
shell.run_forever(timeout=5)
found['typed'] = [shell.read_stdout(), shell.returncode]
forward = portforward(core.connect_get_namespaced_pod_portforward, 'open', space, ports='80')
http = forward.socket(80)
http.setblocking(True)
http.sendall(b'GET /python HTTP/1.1\r\nHost: open\r\n\r\n')
answer = b''
while True:
    part = http.recv(1024)
    if not part:
        break
    answer += part
found['forwarded'] = [answer.decode().split('\r\n')[0], 'answers GET /python' in answer.decode(), forward.error(80)]

definition = {
    'metadata': {'name': 'robots.example.com'},
    'spec': {
        'group': 'example.com',
        'scope': 'Namespaced',
        'names': {'plural': 'robots', 'singular': 'robot', 'kind': 'Robot'},
        'versions': [{'name': 'v1', 'served': True, 'storage': True, 'schema': {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}],
    },
}
client.ApiextensionsV1Api().create_custom_resource_definition(definition)
custom, place = client.CustomObjectsApi(), ('example.com', 'v1', space, 'robots')
while True:
    try:
        custom.create_namespaced_custom_object(*place, {'apiVersion': 'example.com/v1', 'kind': 'Robot', 'metadata': {'name': 'r'}, 'spec': {'legs': 2}})
        break
    except client.ApiException as error:
        if error.status != 404:
            raise
        time.sleep(0.1)
found['custom'] = custom.patch_namespaced_custom_object(*place, 'r', {'spec': {'legs': 4}})['spec']
robots = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version='example.com/v1', kind='Robot')
found['dynamic'] = [item.metadata.name for item in robots.get(namespace=space).items]

request = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))
found['token'] = len(core.create_namespaced_service_account_token('default', space, request).status.token.split('.'))
found['evicted'] = core.create_namespaced_pod_eviction('open', space, client.V1Eviction(metadata=client.V1ObjectMeta(name='open'))).kind
found['may'] = client.AuthorizationV1Api().create_self_subject_access_review(
    client.V1SelfSubjectAccessReview(spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(verb='list', resource='pods')))
).status.allowed
found['version'] = client.VersionApi().get_code().git_version
print(json.dumps(found))
