/// A chart's `.tgz` in memory: a tar archive in gzip with stored blocks.
enum TestArchive {
    static func chart(name: String, version: String, files: [String: String] = [:]) -> [UInt8] {
        var all = ["Chart.yaml": "apiVersion: v2\nname: \(name)\nversion: \(version)\n"]
        all["templates/cm.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}-\(name)
            data:
              version: "{{ .Chart.Version }}"
            """
        all.merge(files) { $1 }
        var tar: [UInt8] = []
        for (path, text) in all.sorted(by: { $0.key < $1.key }) {
            tar += header("\(name)/\(path)", text.utf8.count) + Array(text.utf8)
            tar += [UInt8](repeating: 0, count: (512 - text.utf8.count % 512) % 512)
        }
        return gzip(tar + [UInt8](repeating: 0, count: 1024))
    }

    private static func header(_ name: String, _ size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) { for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte } }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        put(name, 0)
        put("0000644", 100)
        put(octal(size, 11), 124)
        put("00000000000", 136)
        put("        ", 148)
        put("0", 156)
        put("ustar", 257)
        put("00", 263)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6), 148)
        block[154] = 0
        return block
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(65535)
            rest = rest.dropFirst(part.count)
            let count = UInt16(part.count)
            result.append(rest.isEmpty ? 1 : 0)
            result += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)] + part
        } while !rest.isEmpty
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        for number in [~checksum, UInt32(bytes.count)] {
            for shift in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
        }
        return result
    }
}
