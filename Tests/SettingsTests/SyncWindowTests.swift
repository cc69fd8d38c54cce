import Manifests
import Settings
import Testing

@Suite struct SyncWindowTests {
    private func window(
        _ kind: String, _ schedule: String, _ duration: Duration, _ zone: String = "UTC", manualSync: Bool = false
    ) throws -> SyncWindow {
        SyncWindow(kind: kind, schedule: try CronSchedule(schedule), duration: duration, timeZone: zone, manualSync: manualSync)
    }

    private func isOpen(_ window: SyncWindow, _ time: String) throws -> Bool {
        window.opened(at: try #require(Timestamp(rfc3339: time))) != nil
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var schedule: String
        var duration: Duration
        var zone = "UTC"
        var open: [String]
        var closed: [String]
        var testDescription: String { "\(schedule) \(zone)" }
    }

    static let cases: [Case] = [
        Case(
            schedule: "0 22 * * *", duration: .seconds(8 * 3600), open: ["2026-05-04T22:00:00Z", "2026-05-05T05:59:59Z"],
            closed: ["2026-05-05T06:00:00Z", "2026-05-05T21:59:59Z"]),
        Case(
            schedule: "*/30 9-17 * * MON-FRI", duration: .seconds(600), open: ["2026-05-04T09:05:00Z", "2026-05-08T17:39:59Z"],
            closed: ["2026-05-04T09:10:00Z", "2026-05-09T09:05:00Z", "2026-05-04T18:05:00Z"]),
        // Longer than its own period, and than a month.
        Case(
            schedule: "0 0 1 jan *", duration: .seconds(40 * 86_400), open: ["2026-01-01T00:00:00Z", "2026-02-09T23:59:59Z"],
            closed: ["2026-02-10T00:00:00Z", "2025-12-31T23:59:59Z"]),
        // The leap day, and only in leap years.
        Case(
            schedule: "0 12 29 2 *", duration: .seconds(3600), open: ["2028-02-29T12:30:00Z"],
            closed: ["2027-03-01T12:30:00Z", "2028-02-28T12:30:00Z", "2028-03-01T12:30:00Z"]),
        Case(
            schedule: "0 0 28 2 *", duration: .seconds(48 * 3600), open: ["2028-02-29T23:59:00Z", "2027-03-01T23:59:00Z"],
            closed: ["2028-03-01T00:00:00Z", "2027-03-02T00:00:00Z"]),
        // Both days restricted: one of them is enough, as in cron; Sunday is 0 and 7.
        Case(
            schedule: "0 6 13 * 5", duration: .seconds(60), open: ["2026-05-13T06:00:00Z", "2026-05-15T06:00:30Z"],
            closed: ["2026-05-14T06:00:00Z"]),
        Case(schedule: "0 6 * * 7", duration: .seconds(60), open: ["2026-05-03T06:00:00Z"], closed: ["2026-05-04T06:00:00Z"]),
        // Berlin's clocks go from 02:00 to 03:00 on 2026-03-29: the same local time is another moment before and after.
        Case(
            schedule: "0 8 * * *", duration: .seconds(3600), zone: "Europe/Berlin",
            open: ["2026-03-28T07:30:00Z", "2026-03-29T06:30:00Z", "2026-10-24T06:30:00Z", "2026-10-25T07:30:00Z"],
            closed: ["2026-03-28T06:30:00Z", "2026-03-29T07:30:00Z", "2026-10-25T06:30:00Z"]),
        // A window over the change lasts as long as it says, whatever the clocks show when it ends.
        Case(
            schedule: "0 22 * * *", duration: .seconds(8 * 3600), zone: "Europe/Berlin",
            open: ["2026-03-28T21:00:00Z", "2026-03-29T04:59:59Z", "2026-10-25T03:59:59Z"],
            closed: ["2026-03-28T20:59:59Z", "2026-03-29T05:00:00Z", "2026-10-25T04:00:00Z"]),
        // 02:30 is skipped in spring, and comes twice in autumn: once is enough.
        Case(
            schedule: "30 2 * * *", duration: .seconds(1200), zone: "Europe/Berlin",
            open: ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z", "2026-10-25T00:30:00Z"],
            closed: ["2026-03-29T00:30:00Z", "2026-10-25T01:30:00Z"]),
        // Half-hour zones, and the southern summer.
        Case(
            schedule: "0 9 * * *", duration: .seconds(60), zone: "Australia/Adelaide",
            open: ["2026-01-09T22:30:00Z", "2026-07-09T23:30:00Z"], closed: ["2026-01-09T23:30:00Z"]),
    ]

    @Test(arguments: cases) func opensAndCloses(_ sample: Case) throws {
        let window = try window("allow", sample.schedule, sample.duration, sample.zone)
        for time in sample.open { #expect(try isOpen(window, time), "\(time)") }
        for time in sample.closed { #expect(try !isOpen(window, time), "\(time)") }
    }

    /// Every minute of two days around each change, against the definition: some opening within the duration before.
    @Test(arguments: ["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z"]) func agreesWithItsDefinition(start: String) throws {
        let window = try window("allow", "15 1,2,3 * * *", .seconds(2400), "Europe/Berlin")
        let zone = try #require(TimeZoneFile.named("Europe/Berlin"))
        let begin = try #require(Timestamp(rfc3339: start)).seconds
        var openings: Set<Int64> = []
        var shown: Set<Int64> = []
        for moment in stride(from: begin - 86_400, to: begin + 3 * 86_400, by: 60) {
            let local = moment + Int64(zone.offset(at: moment).seconds)
            let time = CivilTime(seconds: local)
            if time.minute == 15, (1...3).contains(time.hour), shown.insert(local).inserted { openings.insert(moment) }
        }
        // What the clocks skip in spring.
        if start.contains("-03-") { openings.insert(try #require(Timestamp(rfc3339: "2026-03-29T01:15:00Z")).seconds) }
        for moment in stride(from: begin, to: begin + 2 * 86_400, by: 60) {
            let expected = openings.contains { $0 <= moment && moment < $0 + 2400 }
            #expect((window.opened(at: Timestamp(seconds: moment)) != nil) == expected, "\(Timestamp(seconds: moment).rfc3339)")
        }
    }

    static let bad: [(text: String, message: String)] = [
        ("0 22 * *", "five fields"), ("60 * * * *", "no minute"), ("* 24 * * *", "no hour"), ("* * 0 * *", "no day of month"),
        ("* * * 13 *", "no month"), ("* * * * 8", "no day of week"), ("5-1 * * * *", "no minute"), ("*/0 * * * *", "no minute"),
        ("1,,2 * * * *", "no minute"), ("a * * * *", "no minute"), ("@daily", "five fields"), ("-1 * * * *", "no minute"),
        ("", "five fields"),
        ("99999999999999999999 * * * *", "no minute"), ("1/2/3 * * * *", "no minute"),
    ]

    @Test(arguments: bad) func refusesBadSchedules(text: String, message: String) {
        let error = #expect(throws: Diagnostic.self) { try CronSchedule(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    // MARK: Argo CD's rules

    private let now = Timestamp(seconds: 1_780_000_000)

    private func decide(_ own: [SyncWindow], shared: [SyncWindow] = [], isManual: Bool = false) -> SyncWindows.Decision {
        SyncWindows(
            own: own, shared: shared, subject: .init(environment: "prod-eu", namespace: "shop", clusters: ["eu", "https://eu.example"])
        )
        .decide(at: now, isManual: isManual)
    }

    private func isDenied(_ decision: SyncWindows.Decision) -> Bool {
        if case .denied = decision { return true }
        return false
    }

    @Test func anActiveDenialWinsThenAnAllowanceThenThatThereAreSome() throws {
        let open = ("* * * * *", Duration.seconds(60))
        let shut = ("0 0 29 2 *", Duration.seconds(60))
        let allow = try window("allow", open.0, open.1)
        let deny = try window("deny", open.0, open.1)
        let closedAllow = try window("allow", shut.0, shut.1)
        let closedDeny = try window("deny", shut.0, shut.1)
        #expect(decide([]) == .allowed)
        #expect(decide([allow]) == .allowed)
        #expect(decide([closedDeny]) == .allowed)
        #expect(decide([allow, closedAllow]) == .allowed)
        #expect(isDenied(decide([deny])))
        #expect(isDenied(decide([allow, deny])))
        #expect(isDenied(decide([closedAllow])))
        #expect(isDenied(decide([closedAllow, closedDeny])))
    }

    @Test func aPersonMayOnlyWhereEveryWindowLetsHim() throws {
        let deny = try window("deny", "* * * * *", .seconds(60))
        let manual = try window("deny", "* * * * *", .seconds(60), manualSync: true)
        let closed = try window("allow", "0 0 29 2 *", .seconds(60), manualSync: true)
        #expect(isDenied(decide([manual])), "nobody asked")
        guard case .overridden = decide([manual], isManual: true) else { Issue.record("it may be overridden"); return }
        guard case .overridden = decide([closed], isManual: true) else { Issue.record("it may be overridden"); return }
        #expect(isDenied(decide([manual, deny], isManual: true)))
        #expect(decide([], isManual: true) == .allowed)
    }

    @Test func selectorsDecideWhoAWindowIsFor() throws {
        func shared(_ change: (inout SyncWindow) -> Void) throws -> SyncWindow {
            var deny = try window("deny", "* * * * *", .seconds(60))
            change(&deny)
            return deny
        }
        #expect(decide([], shared: [try shared { _ in }]) == .allowed, "without selectors it is for nobody")
        #expect(isDenied(decide([], shared: [try shared { $0.applications = ["prod-*"] }])))
        #expect(decide([], shared: [try shared { $0.applications = ["staging-*"] }]) == .allowed)
        #expect(isDenied(decide([], shared: [try shared { $0.namespaces = ["sh?p"] }])))
        #expect(isDenied(decide([], shared: [try shared { $0.clusters = ["https://*.example"] }])))
        #expect(
            isDenied(
                decide(
                    [],
                    shared: [
                        try shared {
                            $0.applications = ["x"]; $0.clusters = ["eu"]
                        }
                    ])), "one of them is enough")
        #expect(
            decide(
                [],
                shared: [
                    try shared {
                        $0.applications = ["x"]; $0.clusters = ["eu"]; $0.andOperator = true
                    }
                ]) == .allowed)
    }
}
