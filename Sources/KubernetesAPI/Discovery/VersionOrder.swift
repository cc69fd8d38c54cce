/// The order in which API servers prefer versions of a group: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then
/// whatever else by the alphabet (apimachinery's `CompareKubeAwareVersionStrings`).
package enum VersionOrder {
    package static func isPreferred(_ left: String, over right: String) -> Bool {
        switch (parse(left), parse(right)) {
        case (let left?, let right?): left > right
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }

    /// Stability (2 stable, 1 beta, 0 alpha), major, minor.
    private static func parse(_ version: String) -> (Int, Int, Int)? {
        guard version.hasPrefix("v") else { return nil }
        let rest = version.dropFirst()
        let major = rest.prefix { $0.isASCII && $0.isNumber }
        guard let majorNumber = Int(major), majorNumber > 0 else { return nil }
        let tail = rest.dropFirst(major.count)
        if tail.isEmpty { return (2, majorNumber, 0) }
        for (word, stability) in [("beta", 1), ("alpha", 0)] where tail.hasPrefix(word) {
            guard let minor = Int(tail.dropFirst(word.count)), minor > 0 else { return nil }
            return (stability, majorNumber, minor)
        }
        return nil
    }
}
