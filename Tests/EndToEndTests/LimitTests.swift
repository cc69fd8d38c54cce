import Foundation
import Manifests
import Testing

/// What the repository, and a policy from outside of it, say against plans and applies.
@Suite struct LimitTests {
    private func with(_ settings: String, head: String = "", _ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {prune: true}}\n\(settings)")], head: head)
            try await repository.commit()
            try await body(repository)
        }
    }

    /// Writes a policy outside of the repository.
    private func policy(_ repository: TestRepository, _ text: String) throws -> String {
        let path = "\(repository.folder)/policy.yaml"
        try Data("apiVersion: plumb.dev/v1alpha1\nkind: Policy\n\(text)".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    // MARK: Windows

    private static let always = "schedule: '* * * * *', duration: 1h"

    @Test func windowsHoldRunsAndAppliesBack() async throws {
        try await with("syncWindows: [{kind: deny, \(Self.always)}]") { repository in
            let run = try await repository.expect(2, "run", "a")
            #expect(run.error.contains("a sync window denies it until"), "\(run)")
            try await repository.expect(0, "plan", "a", "--out", "a.plan")
            let apply = try await repository.expect(4, "apply", "a.plan")
            #expect(apply.error.contains("a sync window denies it until"), "\(apply)")
            try await repository.expect(4, "apply", "a.plan", "--manual", "the shop is down")
            #expect(try await repository.color("a") == nil)
            // The window is gone from the commits that follow, and stays for plans of the one that had it.
            try repository.fleet([("a", "")])
            try await repository.commit()
            try await repository.expect(4, "apply", "a.plan")
            try await repository.expect(0, "plan", "a", "--out", "b.plan")
            try await repository.expect(0, "apply", "b.plan")
        }
    }

    @Test func aPersonGoesPastAWindowThatLetsHimAndIsRecorded() async throws {
        try await with("syncWindows: [{kind: deny, \(Self.always), manualSync: true}]") { repository in
            try await repository.expect(2, "run", "a")
            try await repository.expect(64, "run", "a", "--manual", "")
            try await repository.expect(0, "run", "a", "--manual", "the shop is down")
            #expect(try await repository.color("a") == "red")
            #expect(try repository.text("plumb-audit.jsonl").contains(#""manual":"the shop is down""#))
        }
    }

    @Test func outsideOfAllAllowancesNothingIsApplied() async throws {
        try await with("syncWindows: [{kind: allow, schedule: '0 0 29 2 *', duration: 1m}]") { repository in
            let run = try await repository.expect(2, "run", "a")
            #expect(run.error.contains("no sync window that allows it is open"), "\(run)")
        }
    }

    // MARK: Freeze

    @Test func aFileFreezes() async throws {
        try await with("") { repository in
            try await repository.expect(0, "plan", "a", "--out", "before.plan")
            try repository.write(".plumb/freeze", "Black Friday\nask Ada\n")
            try await repository.commit()
            let run = try await repository.expect(2, "run", "a")
            #expect(run.error.contains(".plumb/freeze: a is frozen: Black Friday"), "\(run)")
            // A plan of an older commit does not know of it, and is held back all the same.
            try await repository.expect(4, "apply", "before.plan")
            try repository.remove(".plumb/freeze")
            try repository.write(".plumb/freeze-b", "for another environment")
            try await repository.commit()
            try await repository.expect(0, "run", "a")
            #expect(try await repository.color("a") == "red")
            // With nothing to change there is nothing to withhold, and nothing is written: not even that a commit is new.
            try repository.write(".plumb/freeze-a", "again")
            try await repository.commit()
            let applies = try await repository.expect(0, "history", "a").output
            try await repository.expect(0, "run", "a")
            #expect(try await repository.expect(0, "history", "a").output == applies)
        }
    }

    // MARK: Projects

    private static let projects =
        "projects:\n  - {name: shop, sourceRepos: ['*'], destinations: [{server: '*', namespace: 'plumb-e2e-*'}], namespaceResourceBlacklist: [{group: '', kind: Secret}]}\n"

    @Test func projectsLimitKindsAndNamespaces() async throws {
        try await with("project: shop", head: Self.projects) { repository in
            try await repository.expect(0, "run", "a")
            try repository.write("environments/a/secret.yaml", Samples.secret("s", "open-sesame"))
            try await repository.commit()
            let plan = try await repository.expect(4, "plan", "a")
            #expect(plan.error.contains("Secret/\(repository.namespace)/s: project 'shop' does not allow Secret"), "\(plan)")
            try await repository.expect(4, "run", "a")
            try repository.write("environments/a/secret.yaml", Samples.namespace("elsewhere-\(repository.namespace)"))
            try await repository.commit()
            let other = try await repository.expect(4, "plan", "a")
            #expect(other.error.contains("does not allow Namespace"), "\(other)")
        }
    }

    @Test func anEnvironmentInAProjectThatNobodyDefinesIsNotWithoutLimits() async throws {
        try await with("project: shop") { repository in
            let plan = try await repository.expect(4, "plan", "a")
            #expect(plan.error.contains("which nobody defines"), "\(plan)")
        }
    }

    /// A repository cannot grant itself what the policy does not, whatever it says of its own projects.
    @Test func thePolicyFromOutsideWins() async throws {
        let wide =
            "projects:\n  - {name: shop, sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}], clusterResourceWhitelist: [{group: '*', kind: '*'}]}\n"
        try await with("project: shop", head: wide) { repository in
            try await repository.expect(0, "plan", "a", "--out", "a.plan")
            let path = try policy(
                repository,
                """
                projects: [{name: shop, sourceRepos: ['*'], destinations: [{server: '*', namespace: other}]}]
                rules: [{environments: [a], project: shop}]
                """)
            let plan = try await repository.expect(4, "plan", "a", "--policy", path)
            #expect(plan.error.contains("does not allow the namespace \(repository.namespace)"), "\(plan)")
            // The plan that was made without it is judged when it is applied.
            try await repository.expect(4, "apply", "a.plan", "--policy", path)
            try await repository.expect(4, "apply", "a.plan", with: ["PLUMB_POLICY": path])
            #expect(try await repository.color("a") == nil)
            try await repository.expect(0, "apply", "a.plan")
        }
    }

    @Test func thePolicyLimitsWhatRunsMayDo() async throws {
        try await with("") { repository in
            try repository.write("environments/a/more.yaml", Samples.configMap("a-more"))
            try await repository.commit()
            try await repository.expect(0, "run", "a")
            try repository.remove("environments/a/more.yaml")
            try repository.desire("a", "green")
            try await repository.commit()
            let path = try policy(repository, "rules: [{syncPolicy: {automated: {}}, maxDeletes: 0}]\n")
            let run = try await repository.expect(4, "run", "a", "--policy", path)
            #expect(run.error.contains("the policy allows no more than 0"), "\(run)")
            let narrow = try policy(repository, "rules: [{syncPolicy: {automated: {}}}]\n")
            try await repository.expect(2, "run", "a", "--policy", narrow)
            #expect(try await repository.color("a") == "green")
            #expect(try await repository.setting("a-more", "color") == "red", "the policy does not let runs prune")
            let approved = try policy(repository, "rules: [{environments: ['*'], approvals: {required: 1, allowedSigners: signers}}]\n")
            try Data().write(to: URL(fileURLWithPath: "\(repository.folder)/signers"))
            try await repository.expect(0, "plan", "a", "--out", "a.plan", "--policy", approved)
            let refused = try await repository.expect(4, "apply", "a.plan", "--policy", approved)
            #expect(refused.error.contains("approval"), "\(refused)")
            let elsewhere = try policy(repository, "rules: [{contexts: [nowhere]}]\n")
            let context = try await repository.expect(4, "plan", "a", "--policy", elsewhere)
            #expect(context.error.contains("through the context"), "\(context)")
        }
    }

    // MARK: Signatures and branches

    @Test func commitsHaveToBeSignedBySomebodyWhoMay() async throws {
        try await with("signatures: {allowedSigners: .plumb/signers}") { repository in
            try await repository.key("ada")
            try await repository.key("eve")
            try repository.write(".plumb/signers", "ada@example.org \(try repository.publicKey("ada"))\n")
            let unsigned = try await repository.commit()
            let plan = try await repository.expect(4, "plan", "a")
            #expect(plan.error.contains("the commit \(unsigned.prefix(12)) is not signed"), "\(plan)")
            try await repository.signedCommit(by: "eve")
            let foreign = try await repository.expect(4, "plan", "a")
            #expect(foreign.error.contains("which is not in .plumb/signers"), "\(foreign)")
            try await repository.signedCommit(by: "ada")
            try await repository.expect(0, "plan", "a", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
            // A repository that drops the rule is still under that of a policy, with signers of its own.
            try repository.fleet([("a", "syncPolicy: {automated: {}}")])
            try repository.desire("a", "green")
            try await repository.commit()
            let path = try policy(repository, "rules: [{signatures: {allowedSigners: outside}}]\n")
            try Data("ada@example.org \(try repository.publicKey("ada"))\n".utf8).write(
                to: URL(fileURLWithPath: "\(repository.folder)/outside"))
            try await repository.expect(4, "run", "a", "--policy", path)
            #expect(try await repository.color("a") == "red")
            try await repository.signedCommit(by: "ada")
            try await repository.expect(0, "run", "a", "--policy", path)
            #expect(try await repository.color("a") == "green")
        }
    }

    @Test func tagsHaveToBeSignedWhereTheyAreAskedFor() async throws {
        try await with("signatures: {mode: tag, allowedSigners: .plumb/signers}") { repository in
            try await repository.key("ada")
            try repository.write(".plumb/signers", "ada@example.org \(try repository.publicKey("ada"))\n")
            try await repository.commit()
            let untagged = try await repository.expect(4, "plan", "a")
            #expect(untagged.error.contains("is no tag of the commit"), "\(untagged)")
            try await repository.git("tag", "--annotate", "--message", "one", "v1")
            let unsigned = try await repository.expect(4, "plan", "a", "--ref", "v1")
            #expect(unsigned.error.contains("the tag v1 is not signed"), "\(unsigned)")
            let key = "\(repository.folder)/home/ada"
            try await repository.git("-c", "gpg.format=ssh", "-c", "user.signingkey=\(key)", "tag", "--sign", "--message", "two", "v2")
            try await repository.expect(0, "plan", "a", "--ref", "v2", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
        }
    }

    @Test func commitsMayBeSignedWithOpenPGP() async throws {
        try await with("signatures: {gpgKeys: .plumb/keys.asc}") { repository in
            guard let gpg = await repository.gpgHome() else { return }
            let exported = try await repository.gpg(gpg, "--export", "--armor", "ada@example.org")
            try repository.write(".plumb/keys.asc", exported)
            try await repository.commit()
            try await repository.expect(4, "plan", "a")
            let signing = ["GNUPGHOME": gpg]
            let commit = try await ChildProcess.run(
                "git",
                ["-c", "user.signingkey=ada@example.org", "commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", "signed"],
                environment: repository.environment.merging(signing) { $1 }, in: repository.path)
            #expect(commit.code == 0, "\(commit)")
            try await repository.expect(0, "plan", "a")
            // Somebody else's keys do not make it good.
            try repository.write(".plumb/keys.asc", "nothing")
            _ = try await repository.git("add", "--all")
            let again = try await ChildProcess.run(
                "git", ["-c", "user.signingkey=ada@example.org", "commit", "--quiet", "--gpg-sign", "--message", "no keys"],
                environment: repository.environment.merging(signing) { $1 }, in: repository.path)
            #expect(again.code == 0, "\(again)")
            let none = try await repository.expect(1, "plan", "a")
            #expect(none.error.contains("no OpenPGP keys"), "\(none)")
            _ = try? await ChildProcess.run(
                "gpgconf", ["--kill", "all"], environment: repository.environment.merging(signing) { $1 }, in: "/")
        }
    }

    @Test func onlyCommitsOnABranchAreApplied() async throws {
        try await with("branches: [main, 'release/*']") { repository in
            try await repository.expect(0, "plan", "a")
            try await repository.git("checkout", "--quiet", "-b", "topic")
            try repository.desire("a", "green")
            let stray = try await repository.commit()
            let plan = try await repository.expect(4, "plan", "a")
            #expect(plan.error.contains("is on none of the branches"), "\(plan)")
            try await repository.git("branch", "release/1", stray)
            try await repository.expect(0, "run", "a")
            // In a clone a local branch of the name is nothing: anybody can make one.
            let clone = "\(repository.folder)/clone"
            try await repository.git("branch", "--delete", "--force", "release/1")
            try await repository.git("clone", "--quiet", repository.path, clone)
            for (arguments, code) in [(["checkout", "--quiet", "-b", "release/2"], 0), (["rev-parse", "HEAD"], 0)] {
                let result = try await ChildProcess.run("git", arguments, environment: repository.environment, in: clone)
                #expect(result.code == code)
            }
            try await repository.expect(4, "plan", "a", "--repo", clone)
        }
    }

    @Test func requestsAreMadeAsTheUserThatIsSaid() async throws {
        try await with("as: system:serviceaccount:ops:deployer\nasGroups: [deployers]") { repository in
            let run = try await repository.plumb("run", "a")
            if TestCluster.isReal {
                // Nobody gave that user any rights.
                #expect(run.code == 1 && run.error.contains("system:serviceaccount:ops:deployer"), "\(run)")
            } else {
                #expect(run.code == 0, "\(run)")
                #expect(try repository.text("plumb-audit.jsonl").contains(#""impersonatedUser":"system:serviceaccount:ops:deployer""#))
            }
        }
    }
}
