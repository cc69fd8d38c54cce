import Manifests
import Testing

@testable import Planning

@Suite struct ChangeGraphTests {
    private func reference(_ kind: String, _ name: String, group: String = "", namespace: String = "shop") -> ObjectReference {
        ObjectReference(group: group, kind: kind, namespace: namespace, name: name)
    }

    private func needs(_ references: ObjectReference...) -> [Need] { references.map { Need($0, .field("spec")) } }

    private func ordered(_ objects: [OrderedObject]) throws -> [ObjectReference] { try ChangeGraph(objects).ordered(objects) }

    @Test func kindsComeInTheirStages() throws {
        let namespace = reference("Namespace", "shop", namespace: "")
        let deployment = reference("Deployment", "web", group: "apps")
        let config = reference("ConfigMap", "c")
        let objects = [
            OrderedObject(reference: deployment, needs: needs(config, namespace)),
            OrderedObject(reference: config, needs: needs(namespace)), OrderedObject(reference: namespace, needs: []),
        ]
        let graph = try ChangeGraph(objects)
        #expect(graph.ordered(objects) == [namespace, config, deployment])
        #expect(graph.needs == [[2, 1], [2], []])
    }

    @Test func aStatedNeedWinsOverTheStageOfTheKind() throws {
        let config = reference("ConfigMap", "c")
        let job = reference("Job", "migrate", group: "batch")
        #expect(
            try ordered([OrderedObject(reference: config, needs: needs(job)), OrderedObject(reference: job, needs: [])]) == [job, config])
    }

    @Test func whatIsNotInThePlanIsNotWaitedFor() throws {
        let config = reference("ConfigMap", "c")
        let graph = try ChangeGraph([OrderedObject(reference: config, needs: needs(reference("Secret", "elsewhere"), config))])
        #expect(graph.needs == [[]])
    }

    @Test func aCycleIsShownWithItsReasons() {
        let (a, b, c) = (reference("ConfigMap", "a"), reference("ConfigMap", "b"), reference("ConfigMap", "c"))
        let error = #expect(throws: Diagnostic.self) {
            try ChangeGraph([
                OrderedObject(reference: a, needs: needs(b)),
                OrderedObject(
                    reference: b, needs: [Need(c, .annotation("plumb.dev/depends-on"))], source: SourcePosition(file: "b.yaml", line: 3)),
                OrderedObject(reference: c, needs: [Need(b, .changeRule("upsert after upserting x"))]),
            ])
        }
        #expect(error?.message.contains("ConfigMap/shop/b needs ConfigMap/shop/c needs ConfigMap/shop/b") == true)
        #expect(error?.advice?.contains("ConfigMap/shop/b needs ConfigMap/shop/c: its annotation plumb.dev/depends-on (b.yaml:3)") == true)
        #expect(error?.advice?.contains("the change rule 'upsert after upserting x'") == true)
    }

    @Test func longChainsDoNotOverflow() throws {
        let objects = (0..<20_000).map { index in
            OrderedObject(
                reference: reference("ConfigMap", "c\(index)"), needs: index > 0 ? needs(reference("ConfigMap", "c\(index - 1)")) : [])
        }
        #expect(try ordered(objects.reversed()) == objects.map(\.reference))
    }

    // MARK: places

    @Test func wavesComeBeforeKinds() throws {
        let early = reference("Deployment", "early", group: "apps")
        let late = reference("ConfigMap", "late")
        let objects = [
            OrderedObject(reference: late, needs: [], place: ChangePlace(wave: 2)),
            OrderedObject(reference: early, needs: [], place: ChangePlace(wave: -1)),
        ]
        #expect(try ordered(objects) == [early, late])
    }

    @Test(arguments: [
        // (the reason, whether the object is new, whether it moves into the earlier wave)
        (NeedReason.field("spec"), true, true), (.field("spec"), false, false), (.annotation("plumb.dev/depends-on"), false, true),
        (.namespace, false, true), (.definition, false, true), (.changeRule("r"), false, true), (.dependsOn, false, true),
    ])
    func aNeedMovesAnObjectForwardIfItIsStrongEnough(reason: NeedReason, isNew: Bool, moves: Bool) throws {
        let user = reference("Deployment", "web", group: "apps")
        let needed = reference("ConfigMap", "settings")
        let graph = try ChangeGraph([
            OrderedObject(reference: user, needs: [Need(needed, reason)], place: ChangePlace(wave: 0)),
            OrderedObject(reference: needed, needs: [], place: ChangePlace(wave: 5), isNew: isNew),
        ])
        #expect(graph.places[1] == ChangePlace(wave: moves ? 0 : 5))
        #expect(graph.needs[0] == (moves ? [1] : []), "what comes later is not waited for")
        #expect(graph.order == (moves ? [1, 0] : [0, 1]))
    }

    @Test func whatAHookMountsComesBeforeIt() throws {
        let hook = reference("Job", "migrate", group: "batch")
        let config = reference("ConfigMap", "settings")
        let graph = try ChangeGraph([
            OrderedObject(reference: hook, needs: needs(config), place: ChangePlace(phase: .preSync), isNew: false),
            OrderedObject(reference: config, needs: []),
        ])
        #expect(graph.places[1].phase == .preSync)
        #expect(graph.order == [1, 0])
    }

    @Test func deletionsRunBackwards() throws {
        let (config, deployment) = (reference("ConfigMap", "c"), reference("Deployment", "d", group: "apps"))
        let place = ChangePlace(phase: .prune)
        let graph = try ChangeGraph([
            OrderedObject(reference: config, needs: [], place: place, isDeletion: true),
            OrderedObject(reference: deployment, needs: needs(config), place: place, isDeletion: true),
        ])
        #expect(graph.order == [1, 0])
        #expect(graph.needs == [[1], []])
    }

    @Test func aCycleAmongDeletionsIsCut() throws {
        let (a, b) = (reference("ConfigMap", "a"), reference("ConfigMap", "b"))
        let place = ChangePlace(phase: .prune)
        let graph = try ChangeGraph([
            OrderedObject(reference: a, needs: needs(b), place: place, isDeletion: true),
            OrderedObject(reference: b, needs: needs(a), place: place, isDeletion: true),
        ])
        #expect(graph.needs.joined().count == 1)
    }
}
