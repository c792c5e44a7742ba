// Gives ingresses that name no class the cluster's default one. upstream: plugin/pkg/admission/network/defaultingressclass/admission.go
import { INGRESS_CLASS_ANNOTATION, ingressKind } from '../../kinds/networking/ingress.ts';
import { type IngressClass, ingressClassKind, isDefaultIngressClass } from '../../kinds/networking/ingress-class.ts';
import { type AdmissionPlugin, isAbout } from './admission-plugin.ts';

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  kinds: ['Ingress.networking.k8s.io'],
  admit: (request, reader) => {
    if (request.operation !== 'CREATE' || !isAbout(request, ingressKind)) return request.object;
    const { metadata, spec } = request.object;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[INGRESS_CLASS_ANNOTATION] !== undefined) return request.object;
    const [found] = reader.list<IngressClass>(ingressClassKind).filter(isDefaultIngressClass).sort(newestFirst);
    return found === undefined ? request.object : { ...request.object, spec: { ...spec, ingressClassName: found.metadata.name } };
  },
};

/** Of several defaults the newest counts, and of equally old ones the first by name. */
function newestFirst({ metadata: a }: IngressClass, { metadata: b }: IngressClass): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? 1 : -1;
  return a.name < b.name ? -1 : 1;
}
