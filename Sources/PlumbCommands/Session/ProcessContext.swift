internal import Applying
internal import Git
internal import KubernetesAPI
internal import Manifests
internal import Planning

/// What commands know of the process they run in. Only here are the environment, the working directory and the clock read.
struct ProcessContext: Sendable {
    let variables: [String: String]
    let workingDirectory: String
    let homeDirectory: String
    var console: Console
    var runID: String
    /// Whether the command line lets kustomizations name bases and files by URL.
    let allowsRemoteBases: Bool

    init(_ options: GlobalOptions, _ rendering: RenderingArguments? = nil) {
        allowsRemoteBases = rendering?.allowRemoteBases ?? false
        variables = Platform.environment
        workingDirectory = Platform.workingDirectory
        homeDirectory = Platform.homeDirectory(variables)
        console = Console(
            isQuiet: options.quiet, isVerbose: options.verbose,
            allowsColor: !options.noColor && (variables["NO_COLOR"] ?? "").isEmpty,
            dialect: options.ci ? CIDialect(variables: variables) : .none)
        runID = Self.makeRunID(now: .now())
    }

    /// A time and six random characters: sorts by time, and is told apart by people.
    private static func makeRunID(now: Timestamp) -> String {
        let time = now.rfc3339.filter { $0 != "-" && $0 != ":" }
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return "\(time)-" + String((0..<6).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    var actor: RunActor {
        RunActor(user: Platform.userName(variables), host: Platform.hostName, ciJob: CIJob.name(variables))
    }

    var gitEnvironment: GitEnvironment { GitEnvironment(variables: variables, homeDirectory: homeDirectory) }

    func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)" }
}

/// Recognises the CI system that runs us.
enum CIJob {
    /// A name that leads to the job; `nil` outside of CI.
    static func name(_ variables: [String: String]) -> String? {
        if let run = variables["GITHUB_RUN_ID"] {
            return "\(variables["GITHUB_SERVER_URL"] ?? "https://github.com")/\(variables["GITHUB_REPOSITORY"] ?? "")/actions/runs/\(run)"
        }
        if let url = variables["CI_JOB_URL"] { return url }
        if let url = variables["BUILD_URL"] { return url }
        if let url = variables["BUILDKITE_BUILD_URL"] { return url }
        return variables["CI"] == "true" ? "CI" : nil
    }
}
