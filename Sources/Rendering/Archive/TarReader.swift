/// Reads the files of a tar archive: ustar, GNU's long names and POSIX' extended headers. Links and devices are passed over.
struct TarReader {
    struct File {
        var name: String
        var bytes: [UInt8]
    }

    private static let blockSize = 512
    /// How many entries an archive may have.
    private static let entriesMax = 100_000

    /// - Throws: `GoError` when the archive is malformed.
    static func files(_ archive: [UInt8]) throws -> [File] {
        var files: [File] = []
        var index = 0
        var longName: String?
        var entries = 0
        while index + blockSize <= archive.count {
            let header = archive[index..<(index + blockSize)]
            if header.allSatisfy({ $0 == 0 }) { break }
            entries += 1
            guard entries <= entriesMax else { throw GoError("archive/tar: more than \(entriesMax) entries") }
            try checkSum(header)
            guard let size = number(header, 124, 12), size >= 0 else {
                throw GoError("archive/tar: invalid tar header")
            }
            index += blockSize
            guard size <= archive.count - index else { throw GoError("unexpected EOF") }
            let content = archive[index..<(index + size)]
            index += (size + blockSize - 1) / blockSize * blockSize
            let type = header[header.startIndex + 156]
            switch type {
            case UInt8(ascii: "L"): longName = text(content)
            case UInt8(ascii: "x"): longName = extendedPath(content) ?? longName
            case UInt8(ascii: "K"), UInt8(ascii: "g"): continue
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
                let name = longName ?? headerName(header)
                longName = nil
                if !name.hasSuffix("/") { files.append(File(name: name, bytes: Array(content))) }
            default: longName = nil
            }
        }
        return files
    }

    private static func checkSum(_ header: ArraySlice<UInt8>) throws {
        var sum = 0
        for (offset, byte) in header.enumerated() { sum += offset >= 148 && offset < 156 ? 32 : Int(byte) }
        guard number(header, 148, 8) == sum else { throw GoError("archive/tar: invalid tar header") }
    }

    private static func number(_ header: ArraySlice<UInt8>, _ offset: Int, _ length: Int) -> Int? {
        let field = header[(header.startIndex + offset)..<(header.startIndex + offset + length)]
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            // GNU's binary form, of which eight bytes will do.
            guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }
        let digits = field.filter { $0 != 0 && $0 != 0x20 }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    private static func headerName(_ header: ArraySlice<UInt8>) -> String {
        let start = header.startIndex
        let name = text(header[start..<(start + 100)])
        let isUstar = header[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) && header[start + 262] == 0
        let prefix = isUstar ? text(header[(start + 345)..<(start + 500)]) : ""
        return prefix.isEmpty ? name : prefix + "/" + name
    }

    /// The `path` of an extended header's records: `length key=value\n`.
    private static func extendedPath(_ content: ArraySlice<UInt8>) -> String? {
        var rest = content
        var path: String?
        while let space = rest.firstIndex(of: 0x20), let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0,
            length <= rest.count, rest.startIndex + length - 1 > space
        {
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            if record.starts(with: "path=".utf8) { path = String(decoding: record.dropFirst(5), as: UTF8.self) }
            rest = rest[(rest.startIndex + length)...]
        }
        return path
    }
}
