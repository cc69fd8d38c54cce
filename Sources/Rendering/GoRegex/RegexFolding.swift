/// Simple case folding: the scalars that match one another when case is ignored (Go's `unicode.SimpleFold` orbits).
enum RegexFolding {
    /// The last scalar that has another case.
    static let scalarMax: UInt32 = 0x1E943

    /// Letters whose orbit has more members than their own upper and lower case.
    private static let orbits: [[UInt32]] = [
        [0x4B, 0x6B, 0x212A], [0x53, 0x73, 0x17F], [0xC5, 0xE5, 0x212B], [0x1C4, 0x1C5, 0x1C6], [0x1C7, 0x1C8, 0x1C9],
        [0x1CA, 0x1CB, 0x1CC], [0x1F1, 0x1F2, 0x1F3], [0x345, 0x399, 0x3B9, 0x1FBE], [0x392, 0x3B2, 0x3D0],
        [0x395, 0x3B5, 0x3F5], [0x398, 0x3B8, 0x3D1, 0x3F4], [0x39A, 0x3BA, 0x3F0], [0x39C, 0x3BC, 0xB5],
        [0x3A0, 0x3C0, 0x3D6], [0x3A1, 0x3C1, 0x3F1], [0x3A3, 0x3C2, 0x3C3], [0x3A6, 0x3C6, 0x3D5],
        [0x3A9, 0x3C9, 0x2126], [0x1E60, 0x1E61, 0x1E9B], [0xDF, 0x1E9E],
    ]

    static func others(of scalar: UInt32) -> [UInt32] {
        if scalar < 128 {
            let isLetter = (scalar | 0x20) >= 0x61 && (scalar | 0x20) <= 0x7A
            guard isLetter else { return [] }
            switch scalar | 0x20 {
            case 0x6B: return [scalar ^ 0x20, 0x212A]
            case 0x73: return [scalar ^ 0x20, 0x17F]
            default: return [scalar ^ 0x20]
            }
        }
        for orbit in orbits where orbit.contains(scalar) { return orbit.filter { $0 != scalar } }
        guard let unicode = Unicode.Scalar(scalar) else { return [] }
        let properties = unicode.properties
        guard properties.changesWhenLowercased || properties.changesWhenUppercased || properties.changesWhenTitlecased else { return [] }
        var result: [UInt32] = []
        for mapping in [properties.lowercaseMapping, properties.uppercaseMapping] {
            let scalars = mapping.unicodeScalars
            guard let first = scalars.first, scalars.count == 1, first.value != scalar, !result.contains(first.value) else { continue }
            result.append(first.value)
        }
        return result
    }
}
