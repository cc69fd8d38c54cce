internal import Crypto
internal import Manifests

/// Signs what is sent to a webhook, as Standard Webhooks describes: HMAC-SHA256 over id, time and body, so that a receiver
/// can tell that it comes from who has the key, and that it is not an old message sent again.
package struct EventSignature: Sendable {
    private let key: [UInt8]

    /// - Parameter key: The shared secret; text that begins with `whsec_` is Base64 after that.
    package init?(key text: String) {
        let prefix = "whsec_"
        let key = text.hasPrefix(prefix) ? Base64.decode(String(text.dropFirst(prefix.utf8.count))) ?? [] : Array(text.utf8)
        guard !key.isEmpty else { return nil }
        self.key = key
    }

    /// The headers that go with a message. `unixTime` is when it is sent, in seconds.
    package func headers(id: String, unixTime: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        var hmac = HMAC<SHA256>(key: SymmetricKey(data: key))
        hmac.update(data: Array("\(id).\(unixTime).".utf8))
        hmac.update(data: body)
        return [
            (name: "webhook-id", value: id), (name: "webhook-timestamp", value: String(unixTime)),
            (name: "webhook-signature", value: "v1,\(Base64.encode(Array(hmac.finalize())))"),
        ]
    }
}
