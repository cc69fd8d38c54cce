import Manifests
import Testing

@testable import KubernetesAPI

/// Answers of a Kubernetes 1.36 API server to lists of two Deployments as PartialObjectMetadataList in protobuf, in Base64.
@Suite struct ProtobufVersionsTests {
    /// The first page of one object.
    private static let page = bytes(
        """
        azhzAAorCg5tZXRhLms4cy5pby92MRIZUGFydGlhbE9iamVjdE1ldGFkYXRhTGlzdBKPAwpUCgASBTExMzM2GkdleUoySWpvaWJXVjBZUzVyT0
        hNdWFXOHZkakVpTENKeWRpSTZNVEV6TXpZc0luTjBZWEowSWpvaUwyUmlYSFV3TURBd0luMCABErYCCrMCCgJkYhIAGgRzaG9wIgAqJDJiNTIz
        NzEwLWFkZmYtNGZmNS1hODZjLThmZmE5NzQxMjU0NDIFMTEzMzY4AUIICILUrdgGEACKAegBCgVwbHVtYhIFQXBwbHkaB2FwcHMvdjEiCAiC1K
        3YBhAAMghGaWVsZHNWMTq4AQq1AXsiZjpzcGVjIjp7ImY6cmVwbGljYXMiOnt9LCJmOnNlbGVjdG9yIjp7fSwiZjp0ZW1wbGF0ZSI6eyJmOm1l
        dGFkYXRhIjp7ImY6bGFiZWxzIjp7ImY6YXBwIjp7fX19LCJmOnNwZWMiOnsiZjpjb250YWluZXJzIjp7Ims6e1wibmFtZVwiOlwiY1wifSI6ey
        IuIjp7fSwiZjppbWFnZSI6e30sImY6bmFtZSI6e319fX19fX1CABoAIgA=
        """)
    /// The only page, of one object with labels and annotations.
    private static let whole = bytes(
        """
        azhzAAorCg5tZXRhLms4cy5pby92MRIZUGFydGlhbE9iamVjdE1ldGFkYXRhTGlzdBKkAwoLCgASBTExMzQyGgASlAMKkQMKA3dlYhIAGgRzaG
        9wIgAqJGZjOTUzOTRhLTQ1NDgtNDQyYy04Mjk3LTI0YjI0MjhkMTg4NTIFMTEzMzU4AUIICILUrdgGEABaCgoDYXBwEgN3ZWJiCgoEbm90ZRIC
        w7yKAa0CCgVwbHVtYhIFQXBwbHkaB2FwcHMvdjEiCAiC1K3YBhAAMghGaWVsZHNWMTr9AQr6AXsiZjptZXRhZGF0YSI6eyJmOmFubm90YXRpb2
        5zIjp7ImY6bm90ZSI6e319LCJmOmxhYmVscyI6eyJmOmFwcCI6e319fSwiZjpzcGVjIjp7ImY6cmVwbGljYXMiOnt9LCJmOnNlbGVjdG9yIjp7
        fSwiZjp0ZW1wbGF0ZSI6eyJmOm1ldGFkYXRhIjp7ImY6bGFiZWxzIjp7ImY6YXBwIjp7fX19LCJmOnNwZWMiOnsiZjpjb250YWluZXJzIjp7Im
        s6e1wibmFtZVwiOlwiY1wifSI6eyIuIjp7fSwiZjppbWFnZSI6e30sImY6bmFtZSI6e319fX19fX1CABoAIgA=
        """)

    private static func bytes(_ base64: String) -> [UInt8] { Base64.decode(base64) ?? [] }

    private func read(_ bytes: [UInt8]) throws -> (list: Value, items: [Value]) {
        var items: [Value] = []
        let list = try ProtobufVersions.read(bytes) { items.append($0) }
        return (list, items)
    }

    @Test func aPageTellsWhatFollows() throws {
        let (list, items) = try read(Self.page)
        #expect(list.at("metadata", "resourceVersion") == "11336")
        #expect(list.at("metadata", "remainingItemCount") == 1)
        let token = list.at("metadata", "continue")?.string ?? ""
        #expect(!token.isEmpty)
        #expect(
            items == [
                [
                    "metadata": [
                        "name": "db", "namespace": "shop", "uid": "2b523710-adff-4ff5-a86c-8ffa97412544", "resourceVersion": "11336",
                        "generation": 1,
                    ]
                ]
            ])
    }

    @Test func labelsAndAnnotationsAreRead() throws {
        let (list, items) = try read(Self.whole)
        let token = list.at("metadata", "continue")?.string ?? ""
        #expect(token.isEmpty)
        #expect(items.count == 1)
        #expect(items.first?.at("metadata", "labels") == ["app": "web"])
        #expect(items.first?.at("metadata", "annotations") == ["note": "ü"])
        #expect(items.first?.at("metadata", "generation") == 1)
    }

    /// The last four bytes are two empty texts that say nothing.
    @Test func aCutAnswerIsAFault() {
        for count in 0..<(Self.whole.count - 4) {
            #expect(throws: ProtobufReader.Fault.self, "\(count) bytes") { try read(Array(Self.whole.prefix(count))) }
        }
    }

    /// Whatever byte is another: a fault, or another value, and an end.
    @Test func noByteLeadsAstray() {
        for place in Self.page.indices {
            for byte in [UInt8(0), 0x7F, 0x80, 0xFF, Self.page[place] ^ 1, Self.page[place] &+ 8] {
                var changed = Self.page
                changed[place] = byte
                _ = try? read(changed)
            }
        }
    }

    @Test func anotherKindIsAFault() throws {
        let place = try #require(Self.whole.indices.first { Self.whole[$0...].starts(with: "PartialObjectMetadataList".utf8) })
        var bytes = Self.whole
        bytes[place] = UInt8(ascii: "Q")
        #expect(throws: ProtobufReader.Fault.self) { try read(bytes) }
    }

    @Test(
        arguments: [
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x0B], [0x0A, 0x05, 0x01], [0x0D, 0x01], [0x09],
            [0x80],
        ] as [[UInt8]])
    func whatIsNoMessageIsAFault(bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var reader = ProtobufReader(buffer)
            #expect(throws: ProtobufReader.Fault.self) { while try reader.next() != nil {} }
        }
    }
}
