import Manifests
import Planning
import Testing

@Suite struct SensitivityTests {
    private func redacted(_ text: String, data: Value, annotations: Value = .null) -> String {
        let secret: Value = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "database", "annotations": annotations], "data": data,
        ]
        return Sensitivity.redacted(text, of: secret)
    }

    @Test func valuesAreTakenOutPlainAndEncoded() {
        #expect(redacted("got b3BlbiBzZXNhbWU= or open sesame", data: ["p": "b3BlbiBzZXNhbWU="]) == "got (sensitive) or (sensitive)")
    }

    /// A server repeats what is no text, too, when it refuses it.
    @Test func valuesThatAreNoTextAreTakenOut() {
        let data: Value = ["p": ["nested": "open sesame"], "n": 8_154_711, "list": ["first word", "second word"]]
        let text = #"map[string]interface {}{"nested":"open sesame"}, 8154711, ["first word" "second word"]"#
        let result = redacted(text, data: data)
        for secret in ["sesame", "8154711", "first word", "second word"] { #expect(!result.contains(secret), "\(result)") }
    }

    @Test func everyLineOfAValueIsTakenOut() {
        #expect(!redacted(#"got "first line\nsecond line""#, data: ["p": "first line\nsecond line"]).contains("line\""))
    }

    @Test func theLastAppliedAnnotationIsTakenOut() {
        let annotation: Value = [
            "kubectl.kubernetes.io/last-applied-configuration": #"{"stringData":{"p":"old sesame"}}"#
        ]
        #expect(!redacted("was old sesame", data: [:], annotations: annotation).contains("sesame"))
    }
}
