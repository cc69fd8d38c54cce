/// The part of an apply in which a change is made, in Argo CD's words. A phase starts when everything of the one before is
/// done and healthy.
package enum ChangePhase: String, CaseIterable, Comparable, Sendable {
    case preSync = "PreSync"
    case sync = "Sync"
    /// Before an environment is destroyed.
    case preDelete = "PreDelete"
    /// Deletions: when all that is made stands.
    case prune = "Prune"
    case postSync = "PostSync"
    /// After an environment was destroyed.
    case postDelete = "PostDelete"
    /// Only when something before has failed.
    case syncFail = "SyncFail"

    fileprivate var rank: Int {
        switch self {
        case .preSync: 0
        case .sync: 1
        case .preDelete: 2
        case .prune: 3
        case .postSync: 4
        case .postDelete: 5
        case .syncFail: 6
        }
    }

    package static func < (left: ChangePhase, right: ChangePhase) -> Bool { left.rank < right.rank }

    /// Where a change belongs when nothing says otherwise.
    package static func standard(for action: ChangeAction) -> ChangePhase { action == .delete ? .prune : .sync }
}

/// A phase and a wave of it: what one place holds is done and healthy before the next one starts.
package struct ChangePlace: Hashable, Comparable, Sendable {
    package var phase: ChangePhase
    /// In ascending order; deletions have the negative of the wave that their object was made in.
    package var wave: Int

    package init(phase: ChangePhase = .sync, wave: Int = 0) {
        self.phase = phase
        self.wave = wave
    }

    package static func < (left: ChangePlace, right: ChangePlace) -> Bool {
        (left.phase.rank, left.wave) < (right.phase.rank, right.wave)
    }

    /// `wave -1`, `PreSync`, `PostSync wave 2`; empty for the ordinary place.
    package var text: String {
        let wave = phase == .prune ? 0 - wave : wave
        switch (phase, wave) {
        case (.sync, 0): return ""
        case (.sync, _): return "wave \(wave)"
        case (_, 0): return phase.rawValue
        default: return "\(phase.rawValue) wave \(wave)"
        }
    }
}
