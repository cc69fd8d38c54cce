import Manifests
import Synchronization

/// Gives out cluster addresses (10.96.0.0/16) and node ports (30000–32767), each once.
final class ServiceAllocator: Sendable {
    private struct State {
        var addresses: Set<String> = []
        var ports: Set<Int64> = []
        var nextAddress = 10
        var nextPort: Int64 = 30_000
    }

    private let state = Mutex(State())

    /// Remembers what services of an earlier run hold.
    func reserve(_ service: Value) {
        state.withLock { state in
            for address in service.at("spec", "clusterIPs")?.array ?? [] { if let text = address.string { state.addresses.insert(text) } }
            for port in service.at("spec", "ports")?.array ?? [] { if let number = port["nodePort"]?.int { state.ports.insert(number) } }
        }
    }

    func release(_ service: Value) {
        state.withLock { state in
            for address in service.at("spec", "clusterIPs")?.array ?? [] { if let text = address.string { state.addresses.remove(text) } }
            for port in service.at("spec", "ports")?.array ?? [] { if let number = port["nodePort"]?.int { state.ports.remove(number) } }
        }
    }

    /// Fills in what a service's type asks for and it does not name itself.
    func fill(_ service: inout Value, isDryRun: Bool) {
        service.edit("spec") { spec in
            let type = spec["type"]?.string ?? "ClusterIP"
            guard type != "ExternalName" else { return }
            if spec["clusterIP"] == nil, let first = spec["clusterIPs"]?.array?.first { spec["clusterIP"] = first }
            if TypeBuilder.isZero(spec["clusterIP"] ?? .null) { spec["clusterIP"] = .string(nextAddress(keep: !isDryRun)) }
            spec["clusterIPs"] = [spec["clusterIP"] ?? .null]
            // A headless service without a selector may have endpoints of either family.
            let isOpen = spec["clusterIP"]?.string == "None" && TypeBuilder.isZero(spec["selector"] ?? .null)
            let isDual = isOpen && spec["ipFamilies"] == nil && spec["ipFamilyPolicy"] == nil
            spec.setDefault("ipFamilies", isDual ? ["IPv4", "IPv6"] : ["IPv4"])
            spec.setDefault("ipFamilyPolicy", isDual ? "RequireDualStack" : "SingleStack")
            let wantsPorts =
                type == "NodePort" || (type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.bool != false)
            guard wantsPorts else { return }
            spec.editItems("ports") { port in
                if TypeBuilder.isZero(port["nodePort"] ?? .null) { port["nodePort"] = .int(nextPort(keep: !isDryRun)) }
            }
            if type == "LoadBalancer" || type == "NodePort", spec["externalTrafficPolicy"]?.string == "Local", type == "LoadBalancer" {
                if TypeBuilder.isZero(spec["healthCheckNodePort"] ?? .null) {
                    spec["healthCheckNodePort"] = .int(nextPort(keep: !isDryRun))
                }
            }
        }
    }

    private func nextAddress(keep: Bool) -> String {
        state.withLock { state in
            for _ in 0..<65_000 {
                state.nextAddress = state.nextAddress >= 65_000 ? 10 : state.nextAddress + 1
                let text = "10.96.\(state.nextAddress >> 8).\(state.nextAddress & 255)"
                if !state.addresses.contains(text) {
                    if keep { state.addresses.insert(text) }
                    return text
                }
            }
            return "10.96.255.254"
        }
    }

    private func nextPort(keep: Bool) -> Int64 {
        state.withLock { state in
            for _ in 0..<2768 {
                state.nextPort = state.nextPort >= 32_767 ? 30_000 : state.nextPort + 1
                if !state.ports.contains(state.nextPort) {
                    if keep { state.ports.insert(state.nextPort) }
                    return state.nextPort
                }
            }
            return 32_767
        }
    }
}
