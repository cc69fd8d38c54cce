package import Manifests

extension APIResource {
    package var groupVersionKind: GroupVersionKind { GroupVersionKind(group: group, version: version, kind: kind) }
    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }
}
