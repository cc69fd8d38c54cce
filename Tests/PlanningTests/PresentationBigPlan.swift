import Manifests
import Planning

/// A plan as large as wanted, of the mix that a monorepo's has: most changes alike, some of their own, some creations and
/// deletions, everything in a namespace that must stand first.
func bigPlan(changes count: Int) -> Plan {
    let namespaces = (0..<max(1, count / 100)).map { "team-\($0)" }
    var changes = namespaces.map { namespace in
        Change(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: "Namespace", namespace: "", name: namespace),
            action: .create, causes: [.new], precondition: .absent,
            desired: ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]])
    }
    for index in 0..<max(0, count - namespaces.count) {
        changes.append(bigPlanChange(index, namespace: namespaces[index % namespaces.count]))
    }
    changes.sort { ($0.action == .delete ? 1 : 0, stage($0)) < ($1.action == .delete ? 1 : 0, stage($1)) }
    return Plan(
        plumbVersion: "0.1.0", runID: "r", createdAt: "2026-01-31T09:05:00Z", environment: "production",
        source: PlanSource(
            repository: "https://git.example.com/r.git", ref: "main", commit: String(repeating: "a", count: 40),
            path: "environments/production", author: "A <a@example.com>", committedAt: "2026-01-31T08:00:00Z"),
        target: PlanTarget(server: "https://k8s.example.com", clusterUID: "u", serverVersion: "v1.36.0"),
        inventory: PlanInventory(namespace: "default", name: "plumb-inventory-production", resourceVersion: "1", commit: ""),
        isRollback: false, changes: changes, warnings: [], settings: PlanSettings(inventoryCount: count))
}

private func stage(_ change: Change) -> Int {
    switch change.reference.kind {
    case "Namespace": 0
    case "ConfigMap": 1
    case "Deployment": 2
    default: 3
    }
}

private func bigPlanChange(_ index: Int, namespace: String) -> Change {
    let namespaceID = "Namespace/\(namespace)"
    let present = Precondition.present(uid: "u\(index)", resourceVersion: "1", digest: "sha256:0")
    switch index % 5 {
    case 0:
        let lines = (0..<40).map { "key\($0) = \($0 * index)" }
        let before = lines.joined(separator: "\n") + "\n"
        let after = lines.enumerated().map { $0 == 20 ? "key20 = changed" : $1 }.joined(separator: "\n") + "\n"
        return Change(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: "ConfigMap", namespace: namespace, name: "settings-\(index)"),
            action: .update, causes: [.git], dependsOn: [namespaceID], precondition: present,
            desired: ["apiVersion": "v1", "kind": "ConfigMap", "data": ["app.conf": .string(after)]],
            differences: [FieldDifference(path: "/data/app.conf", before: .string(before), after: .string(after), cause: .git)])
    case 1, 2:
        return Change(
            apiVersion: "apps/v1",
            reference: ObjectReference(group: "apps", kind: "Deployment", namespace: namespace, name: "web-\(index)"),
            action: .update, causes: [.git], dependsOn: [namespaceID, "ConfigMap/\(namespace)/settings-\(index / 5 * 5)"],
            precondition: present,
            desired: ["apiVersion": "apps/v1", "kind": "Deployment", "spec": ["template": ["spec": ["containers": [["name": "web"]]]]]],
            differences: [
                FieldDifference(
                    path: "/spec/template/spec/containers/0/image", before: "registry.example.com/web:1",
                    after: "registry.example.com/web:2",
                    cause: .git, field: "spec.template.spec.containers[name=web].image")
            ])
    case 3:
        return Change(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: "Service", namespace: namespace, name: "web-\(index)"),
            action: .create, causes: [.new], dependsOn: [namespaceID], precondition: .absent,
            desired: [
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string("web-\(index)")],
                "spec": ["ports": [["name": "http", "port": 80, "targetPort": 8080]], "selector": ["app": .string("web-\(index)")]],
            ])
    default:
        return Change(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: "Service", namespace: namespace, name: "old-\(index)"),
            action: .delete, causes: [.git], precondition: present)
    }
}
