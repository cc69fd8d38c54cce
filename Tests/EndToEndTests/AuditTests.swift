import Foundation
import Manifests
import Testing

/// The log as commands and receivers see it.
@Suite struct AuditTests {
    @Test func aLogThatWasCutShortIsFound() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            let whole = try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl", "--against-inventory", "production")
            #expect(whole.output.contains("as the inventory knows it"), "\(whole)")
            // What a hand does that wants something forgotten: the chain itself is intact.
            let text = try repository.text("plumb-audit.jsonl")
            let lines = text.split(separator: "\n")
            try repository.write("plumb-audit.jsonl", lines.dropLast(5).joined(separator: "\n") + "\n")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            let cut = try await repository.expect(1, "audit", "verify", "plumb-audit.jsonl", "--against-inventory", "production")
            #expect(cut.error.contains("error: plumb-audit.jsonl") && cut.error.contains("cut short"), "\(cut)")

            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let refused = try await repository.expect(1, "apply", "b.plan")
            #expect(refused.error.contains("cut short") && refused.error.contains("move it away"), "\(refused)")
            #expect(try await repository.setting("b", "color") == nil)
            // Another log, as another machine has, knows nothing of it.
            try await repository.expect(0, "apply", "b.plan", "--audit-log", "other.jsonl")
            let other = try await repository.expect(0, "audit", "verify", "other.jsonl", "--against-inventory", "production")
            #expect(other.output.contains("1 run,"), "\(other)")
        }
    }

    @Test func historyComesOutOfTheLogToo() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            try await repository.expect(3, "apply", "deploy.plan")
            let history = try await repository.expect(0, "history", "production", "--audit-log", "plumb-audit.jsonl")
            let lines = history.output.split(separator: "\n")
            #expect(lines.count == 2 && lines[0].contains("refused") && lines[1].contains("succeeded"), "\(history)")
            let missing = try await repository.expect(1, "audit", "verify", "none.jsonl")
            #expect(missing.error.hasPrefix("error: none.jsonl"), "\(missing)")
        }
    }

    @Test func aLogRotatesAndItsChainGoesOn() async throws {
        try await TestRepository.with { repository in
            for round in 0..<3 {
                for index in 0..<8 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", "color", "\(round)")) }
                try await repository.commit()
                try await repository.expect(0, "plan", "production", "--out", "a.plan")
                try await repository.expect(0, "apply", "a.plan", "--audit-rotate", "2kB")
            }
            #expect(FileManager.default.fileExists(atPath: "\(repository.path)/plumb-audit.jsonl.3"))
            let verified = try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl", "--against-inventory", "production")
            #expect(verified.output.contains("3 runs"), "\(verified)")
            let shown = try await repository.expect(
                0, "audit", "show", "plumb-audit.jsonl", "--object", "c3", "--result", "succeeded", "--environment", "production")
            #expect(shown.output.split(separator: "\n").count == 3, "\(shown)")
            try await repository.expect(64, "apply", "a.plan", "--audit-rotate", "many")
        }
    }

    @Test func recordsAreSentOnAndSigned() async throws {
        try await TestRepository.with { repository in
            let receiver = try EventReceiver.start()
            defer { receiver.stop() }
            try repository.write("../key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let url = "http://127.0.0.1:\(receiver.port)/hook"
            let applied = try await repository.expect(
                0, "apply", "a.plan", "--events-url", url, "--events-key-file", "../key", "--audit-stdout")
            let lines = try repository.text("plumb-audit.jsonl").split(separator: "\n")
            #expect(applied.output.split(separator: "\n") == lines, "\(applied)")
            let events = receiver.requests
            #expect(events.count == lines.count)
            #expect(
                events.allSatisfy {
                    $0.head.contains("content-type: application/cloudevents+json") && $0.head.contains("webhook-signature: v1,")
                })
            let types = Set(events.compactMap { (try? JSONParser.parse($0.body))?["type"]?.string })
            #expect(types.contains("dev.plumb.change-finished") && types.contains("dev.plumb.run-finished"), "\(types)")

            // Away: the apply goes on, and the next run sends what is missing.
            receiver.refuse(true)
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let away = try await repository.expect(0, "apply", "b.plan", "--events-url", url)
            #expect(away.error.contains("events were not taken") && away.error.contains("503"), "\(away)")
            receiver.refuse(false)
            try await repository.expect(0, "plan", "production", "--out", "c.plan")
            try repository.manifest("c.yaml", Samples.configMap("c"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "c.plan")
            try await repository.expect(0, "apply", "c.plan", "--events-url", url)
            let ids = Set(receiver.requests.filter(\.isTaken).compactMap { (try? JSONParser.parse($0.body))?["id"]?.string })
            #expect(ids.count == (try repository.text("plumb-audit.jsonl").split(separator: "\n").count), "each record arrived")
        }
    }

    @Test func theConfigurationSaysWhereRunsAreRecorded() async throws {
        try await TestRepository.with { repository in
            let receiver = try EventReceiver.start()
            defer { receiver.stop() }
            try repository.configure(
                """
                audit:
                  file: ../shop.jsonl
                  rotate: 2kB
                  stdout: true
                  events: {url: "http://127.0.0.1:\(receiver.port)/hook", keyVariable: SHOP_KEY}
                """)
            for index in 0..<5 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let unsigned = try await repository.expect(1, "apply", "a.plan")
            #expect(unsigned.error.contains("SHOP_KEY") && unsigned.error.contains("is not set"), "\(unsigned)")
            let applied = try await repository.expect(0, "apply", "a.plan", with: ["SHOP_KEY": "secret-of-the-shop"])
            #expect(!applied.description.contains("secret-of-the-shop"))
            #expect(applied.output.contains("run-finished"), "\(applied)")
            #expect((try? repository.text("plumb-audit.jsonl")) == nil)
            #expect((try? repository.text("../shop.jsonl.1")) != nil, "rotated")
            try await repository.expect(0, "audit", "verify", "../shop.jsonl")
            #expect(!receiver.requests.isEmpty && receiver.requests.allSatisfy { $0.head.contains("webhook-signature: v1,") })
            // What the command line says wins.
            let count = receiver.requests.count
            try repository.manifest("c5.yaml", Samples.configMap("c5"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let other = "http://127.0.0.1:1/hook"
            let elsewhere = try await repository.expect(
                0, "apply", "b.plan", "--audit-log", "../other.jsonl", "--audit-rotate", "0", "--events-url", other)
            #expect(elsewhere.error.contains("events were not taken"), "\(elsewhere)")
            #expect(receiver.requests.count == count)
            #expect(try repository.text("../other.jsonl").contains("run-finished"))
        }
    }
}
