package import ArgumentParser
internal import Manifests
internal import Planning

package struct ApproveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "approve", _superCommandName: PlumbCommand.name, abstract: "Sign a plan file with an SSH key.",
        discussion: """
            Checks the plan's digest, prints what is approved, and adds a signature to '<plan file>.sig': the one that \
            'ssh-keygen -Y sign -n plumb-plan' makes, over the exact bytes of the file. Several people approve one plan one \
            after the other; the file then holds their signatures one below the other. Look at the whole plan first, with \
            'plumb show'.

            Exit codes: 0 signed, 1 an error, 4 the plan was altered.
            """)

    @Argument(help: ArgumentHelp("The plan file.", valueName: "plan file"))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The SSH key to sign with.",
            discussion: """
                A private key; the .pub file of a key that an agent holds; or a certificate, the -cert.pub file, with its \
                private key beside it or in the agent.
                """, valueName: "file"))
    var key: String

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let bytes = try Platform.read(context.path(file))
            let planFile = try await PlanFile.read(bytes, file: file)
            if !options.json { context.console.output(ApprovalSummary(isColored: context.console.outputStyle.isColored).text(planFile)) }
            let keyFile = context.path(key)
            guard Platform.exists(keyFile) else {
                throw Diagnostic(
                    "there is no such key", at: SourcePosition(file: key), advice: "ssh-keygen makes one: ssh-keygen -t ed25519")
            }
            let keygen = try SSHKeygen(variables: context.variables)
            let signer = PlanSigner(keygen: keygen, isInteractive: Platform.hasTerminal)
            let signature = try await signer.sign(bytes, key: keyFile)
            try await add(signature, over: bytes, signer: signer, context: context, planDigest: planFile.digest)
        }
    }

    private func add(
        _ signature: SSHSignature, over bytes: [UInt8], signer: PlanSigner, context: ProcessContext, planDigest: String
    ) async throws {
        let name = file + SignatureFile.suffix
        let path = context.path(name)
        let earlier = Platform.exists(path) ? try SignatureFile.parse(Platform.read(path), file: name) : []
        let kept = try await signer.signatures(earlier, over: bytes)
        if kept.count < earlier.count {
            context.console.warning("\(earlier.count - kept.count) signatures in \(name) were for another plan, and are taken out")
        }
        // Who signs a second time is not two people.
        let signatures = kept.filter { $0.key.blob != signature.key.blob } + [signature]
        try Platform.replace(path, with: SignatureFile.bytes(signatures))
        if options.json {
            context.console.output(
                JSONWriter.pretty([
                    "planDigest": .string(planDigest), "key": .string(signature.key.fingerprint), "file": .string(path),
                    "signatures": .int(Int64(signatures.count)),
                ]))
        }
        let count = signatures.count == 1 ? "1 signature" : "\(signatures.count) signatures"
        context.console.info("Signed with \(signature.key.fingerprint); \(name) holds \(count).")
    }
}
