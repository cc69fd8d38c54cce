internal import Applying
internal import ArgumentParser
internal import Auditing
internal import HTTP
internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Prints errors for people and turns them into the contract's exit codes.
enum Failure {
    /// Runs a command's work; whatever it throws is printed and ends the process with its code.
    static func reported(_ console: Console, _ work: () async throws -> Void) async throws {
        do { try await work() } catch let exit as ExitCode { throw exit } catch let wrong as ValidationError { throw wrong } catch {
            for diagnostic in diagnostics(error) { console.error(diagnostic) }
            throw ExitCode(code(error))
        }
    }

    static func diagnostics(_ error: any Error) -> [Diagnostic] {
        switch error {
        case let diagnostic as Diagnostic: return [diagnostic]
        case let diagnostics as Diagnostics: return diagnostics.all
        case let refusal as PolicyRefusal: return refusal.faults
        case let error as APIError: return [Diagnostic(error.message, advice: error.advice)]
        case let error as AuditError: return [error.diagnostic]
        case let error as LockedError: return [error.diagnostic]
        case let error as InventoryConflict:
            return [Diagnostic("somebody wrote the inventory just now", object: error.place, advice: "try again")]
        case PlanFileError.unreadable(let diagnostic), PlanFileError.altered(let diagnostic): return [diagnostic]
        case let aborted as ApplyAborted:
            let cause = aborted.cause.map { diagnostics($0) } ?? []
            return cause + aborted.faults + [
                Diagnostic(
                    "the run ended before its end: what it did stays, and the inventory remembers all that it may have made",
                    advice: "when the cause is mended, apply the same plan again: it carries on; or make a new plan")
            ]
        case ApplyRefusal.stale(let faults):
            return [
                Diagnostic("the plan is stale: nothing was changed", advice: "make the plan again and have that one approved")
            ] + faults
        case ApplyRefusal.forbidden(let fault): return [fault]
        case ApplyRefusal.locked(let error): return [error.diagnostic]
        case ApplyRefusal.failed(let faults): return faults
        default: return [Diagnostic("\(error)")]
        }
    }

    static func code(_ error: any Error) -> Int32 {
        switch error {
        case PlanFileError.altered, ApplyRefusal.forbidden, is PolicyRefusal: ExitStatus.forbidden
        case ApplyRefusal.stale: ExitStatus.stale
        case ApplyRefusal.locked, is LockedError: ExitStatus.locked
        case is ApplyAborted: ExitStatus.incomplete
        default: ExitStatus.error
        }
    }
}
