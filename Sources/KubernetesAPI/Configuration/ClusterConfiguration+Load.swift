package import Manifests

extension ClusterConfiguration {
    /// Finds and resolves a context.
    ///
    /// The files are, as client-go has it: the one that `kubeconfig` names (which must exist); else those of
    /// `$KUBECONFIG`, merged, missing ones skipped; else `~/.kube/config`; else, inside a pod, the service account. The context
    /// is the named one, else the files' `current-context`.
    ///
    /// - Parameters:
    ///   - kubeconfig: `--kubeconfig`.
    ///   - context: `--context`.
    ///   - environment: the process' variables: `KUBECONFIG`, the proxies', the in-cluster ones; credential plugins inherit it.
    package static func load(
        kubeconfig: String?, context: String?, environment: [String: String], homeDirectory: String
    ) throws(Diagnostic) -> ClusterConfiguration {
        let files = try KubeconfigFiles.read(kubeconfig: kubeconfig, environment: environment, homeDirectory: homeDirectory)
        if files.config.isEmpty, kubeconfig == nil {
            if context == nil, let inside = try inCluster(environment: environment) { return inside }
            throw files.nothingFound
        }
        return try ContextResolver(config: files.config, environment: environment).resolve(context)
    }

    /// The names of all contexts, sorted.
    package static func contextNames(
        kubeconfig: String?, environment: [String: String], homeDirectory: String
    ) throws(Diagnostic) -> [String] {
        let files = try KubeconfigFiles.read(kubeconfig: kubeconfig, environment: environment, homeDirectory: homeDirectory)
        return files.config.contexts.keys.sorted()
    }
}

/// Which kubeconfig files there are, and what they say together.
struct KubeconfigFiles {
    var config = Kubeconfig()
    /// What to tell when nothing was found.
    var nothingFound: Diagnostic

    static func read(
        kubeconfig: String?, environment: [String: String], homeDirectory: String
    ) throws(Diagnostic) -> KubeconfigFiles {
        if let kubeconfig {
            var files = KubeconfigFiles(nothingFound: Diagnostic("the kubeconfig is empty", at: SourcePosition(file: kubeconfig)))
            try files.add(kubeconfig, isRequired: true)
            if files.config.isEmpty { throw files.nothingFound }
            return files
        }
        let advice = "name one with --kubeconfig or the variable KUBECONFIG; 'plumb sandbox' writes one for its embedded API server"
        if let variable = environment["KUBECONFIG"], !variable.isEmpty {
            var files = KubeconfigFiles(
                nothingFound: Diagnostic("no kubeconfig: none of the files in $KUBECONFIG has an entry: \(variable)", advice: advice))
            var seen: Set<String> = []
            for path in variable.split(separator: ":").map(String.init) where seen.insert(path).inserted {
                try files.add(path, isRequired: false)
            }
            return files
        }
        let path = "\(homeDirectory)/.kube/config"
        var files = KubeconfigFiles(nothingFound: Diagnostic("no kubeconfig: \(path) does not exist or is empty", advice: advice))
        try files.add(path, isRequired: false)
        return files
    }

    private mutating func add(_ path: String, isRequired: Bool) throws(Diagnostic) {
        let bytes: [UInt8]
        do throws(FileBytes.Failure) {
            bytes = try FileBytes.read(path)
        } catch {
            if error.isMissing, !isRequired { return }
            let what = error.isMissing ? "does not exist" : "cannot be read: \(error.message)"
            throw Diagnostic("kubeconfig '\(path)' \(what)", advice: "name another with --kubeconfig or the variable KUBECONFIG")
        }
        try config.merge(bytes, file: path)
    }
}
