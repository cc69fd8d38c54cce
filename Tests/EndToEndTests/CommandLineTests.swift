import Testing

/// Command lines, and commands that need no server.
@Suite struct CommandLineTests {
    @Test(arguments: [
        ["plan"], ["apply"], ["plann", "production"], ["plan", "production", "--no-such-option"],
        ["apply", "a.plan", "--parallelism", "0"], ["apply", "a.plan", "--timeout", "soon"],
        ["apply", "a.plan", "--max-deletes", "-1"], ["plan", "one", "two", "--out", "a.plan"], ["show", "a.plan", "--format", "pdf"],
    ])
    func wrongOnesEndWith64(arguments: [String]) async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let result = try await repository.plumb(arguments)
            #expect(result.code == 64, "\(result)")
            #expect(result.output.isEmpty && !result.error.isEmpty, "\(result)")
        }
    }

    @Test(arguments: [["--help"], ["--version"], ["plan", "--help"], ["apply", "--help"], ["audit", "verify", "--help"]])
    func helpEndsWith0(arguments: [String]) async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let result = try await repository.plumb(arguments)
            #expect(result.code == 0 && !result.output.isEmpty && result.error.isEmpty, "\(result)")
        }
    }

    @Test func renderReadsTheDiskAndWithRefTheCommit() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            let first = try await repository.commit()
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            let disk = try await repository.expect(0, "render", "environments/production")
            #expect(disk.output.contains("color: green"), "\(disk)")
            let commit = try await repository.expect(0, "render", "environments/production", "--ref", first)
            #expect(commit.output.contains("color: red") && !commit.output.contains("green"), "\(commit)")
            let named = try await repository.expect(0, "render", "production", "--ref", "HEAD")
            #expect(named.output == commit.output)
            let unknown = try await repository.expect(1, "render", "production", "--ref", "mainn")
            #expect(unknown.error.contains("mainn") && unknown.error.contains("main"), "\(unknown)")
        }
    }

    @Test func onlyCommitsArePlanned() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            let plan = try await repository.expect(0, "plan", "production")
            #expect(plan.output.contains("only commits are planned"), "\(plan)")
            #expect(!plan.output.contains("green"), "\(plan)")
        }
    }

    @Test func outsideOfARepository() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let result = try await ChildProcess.run(
                Binaries.plumb(), ["plan", "production"], environment: repository.environment, in: "\(repository.folder)/home")
            #expect(result.code == 1, "\(result)")
            #expect(result.error.contains("repository"), "\(result)")
        }
    }

    @Test func mistakesInTheConfigurationAreNamedWithTheirLine() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.configure("maxDeletez: 3")
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("plumb.yaml:6") && result.error.contains("maxDeletes"), "\(result)")
        }
    }

    @Test func anObjectTwiceIsNamedWithBothPlaces() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("a"))
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("a.yaml:1") && result.error.contains("b.yaml:1"), "\(result)")
        }
    }
}
