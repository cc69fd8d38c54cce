import Manifests

/// Defaults of services; addresses and node ports come from `ServiceAllocator`.
enum ServiceDefaults {
    static func apply(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.setDefault("sessionAffinity", "None")
            if spec["sessionAffinity"]?.string == "None" { spec["sessionAffinityConfig"] = nil }
            if spec["sessionAffinity"]?.string == "ClientIP" {
                spec.setDefault("sessionAffinityConfig", ["clientIP": ["timeoutSeconds": 10_800]])
            }
            spec.setDefault("type", "ClusterIP")
            spec.editItems("ports") { port in
                port.setDefault("protocol", "TCP")
                if isEmpty(port["targetPort"]) { port["targetPort"] = port["port"] }
            }
            let type = spec["type"]?.string ?? ""
            if type == "NodePort" || type == "LoadBalancer" { spec.setDefault("externalTrafficPolicy", "Cluster") }
            if ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) { spec.setDefault("internalTrafficPolicy", "Cluster") }
            if type == "LoadBalancer" { spec.setDefault("allocateLoadBalancerNodePorts", true) }
        }
        object.edit("status") {
            $0.edit("loadBalancer") {
                $0.editItems("ingress") { ingress in
                    if ingress["ip"] != nil { ingress.setDefault("ipMode", "VIP") }
                }
            }
        }
    }

    private static func isEmpty(_ value: Value?) -> Bool {
        switch value {
        case nil, .null: true
        case .int(let int): int == 0
        case .string(let text): text.isEmpty
        default: false
        }
    }
}
