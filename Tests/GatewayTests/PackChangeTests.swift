import Custody
import Foundation
import Intake
import Mappings
import Reporting
import Simulation
import Testing

@testable import Gateway

/// What each format says of an earlier referral, from the inbox to the queue.
@Suite("Updates and cancellations of every pack")
struct PackChangeTests {
    /// A gateway with an inbox, and the references of what was put there.
    private struct Desk {
        let bench: EngineBench

        init() throws {
            bench = try EngineBench()
            // The first of June, when what the samples say holds.
            bench.clock.jump(milliseconds: 91 * 86_400_000)
        }

        /// Puts a document into the inbox, waits until it is taken, and delivers what is owed.
        /// - Returns: What is kept of it.
        func put(_ sample: ChangedSample, as name: String) throws -> MessageStory {
            try bench.folder.write("in/" + name, try sample.text())
            for _ in 0..<4 {
                bench.clock.advance(milliseconds: 6_000)
                for source in bench.engine.sources { _ = try source.round() }
            }
            bench.deliver()
            let ledger = bench.engine.custody.ledger
            let newest = try #require(try ledger.messages(limit: 1).first)
            return try #require(try ledger.story(newest.reference))
        }

        /// The referral of a message now.
        func now(_ story: MessageStory) throws -> MessageStory {
            try #require(try bench.engine.custody.ledger.story(story.message.reference))
        }

        /// What was handed on, as text without white space, the last one last.
        func handedOn() throws -> [String] {
            try bench.folder.names("queue/ready").map { try bench.folder.text("queue/ready/" + $0) }
        }
    }

    @Test("is applied to the referral that was sent before", arguments: PackChanges.ways)
    func applied(_ way: ChangeWay) throws {
        let desk = try Desk()
        var earlier = try desk.put(way.original, as: "1-original")
        var count = try desk.handedOn().count
        #expect(!earlier.referrals.contains { $0.status == .held }, "\(earlier.message.cause ?? "")")
        for (name, change, kind, status) in [
            ("2-update", way.update, "update", way.updatedStatus),
            ("3-cancellation", way.cancellation, "cancellation", way.cancelledStatus),
        ] {
            guard let change else { continue }
            let story = try desk.put(change, as: name)
            let changing = try #require(
                story.referrals.first { $0.kind.rawValue == kind && $0.status == .current },
                "\(name): \(story.referrals.map(\.kind)) \(story.message.cause ?? "")")
            #expect(changing.earlier == earlier.message.id)
            let changed = try desk.now(earlier).referrals.filter { $0.later == story.message.id }
            #expect(changed.map(\.status) == [kind == "update" ? .updated : .cancelled])
            let handedOn = try desk.handedOn()
            #expect(handedOn.count > count)
            #expect(
                handedOn.contains { $0.contains("\"kind\":\"\(kind)\"") && $0.contains("\"status\":\"\(status)\"") })
            let told = handedOn.filter { $0.contains("\"kind\":\"\(kind)\"") }
            #expect(told.allSatisfy { $0.contains("\"status\":\"\(status)\"") } && !told.isEmpty)
            #expect(told.allSatisfy { $0.contains("\"previousIds\":[") || $0.contains("\"setId\":") })
            (earlier, count) = (story, handedOn.count)
        }
    }

    @Test("is held for a person when nothing is known of an earlier referral", arguments: PackChanges.ways)
    func unknown(_ way: ChangeWay) throws {
        for (change, kind) in [(way.update, "update"), (way.cancellation, "cancellation")] {
            guard let change else { continue }
            let desk = try Desk()
            let story = try desk.put(change, as: "change")
            let held = story.referrals.filter { $0.kind.rawValue == kind }
            #expect(held.map(\.status) == [.held] && held.map(\.cause) == ["referral-unknown"])
            #expect(try desk.handedOn().allSatisfy { !$0.contains("\"kind\":\"\(kind)\"") })
            #expect(desk.bench.folder.names("in/failed") == ["change", "change.why.txt"])
            #expect(try desk.bench.folder.text("in/failed/change.why.txt").contains("referral-unknown"))
        }
    }

    @Test(
        "is held where the format cannot say which referral it changes, or that it changes one",
        arguments: [
            ("ers-stu3/cancel.json", "referral-unnamed"), ("ers-stu3/change.json", "referral-unnamed"),
            ("ers-stu3/letters.json", "referral-unnamed"), ("tpp-xml/record.xml", "id-reused"),
        ])
    func unsaid(_ sample: String, _ cause: String) throws {
        let desk = try Desk()
        if sample.hasPrefix("tpp") { _ = try desk.put(ChangedSample(sample), as: "1-original") }
        let before = try desk.handedOn()
        var again = ChangedSample(sample)
        if sample.hasPrefix("tpp") { again.changes = [("whole days in bed", "the evenings alone")] }
        let story = try desk.put(again, as: "2-again")
        #expect(story.message.state == .held)
        #expect(try desk.handedOn() == before)
        #expect(try desk.bench.folder.text("in/failed/2-again.why.txt").contains(cause))
    }

    @Test("is known of every mapping, and stands on the page of the packs")
    func complete() throws {
        let named = PackChanges.ways.map(\.mapping) + PackChanges.without
        let usable = GatewayBench.library.set.mappings.map(\.name)
        #expect(named.sorted() == usable.sorted())
        let page = Repository.folder.appendingPathComponent("docs/packs.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Updates and cancellations") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for name in usable {
            #expect(rows.contains { $0.split(separator: "|").first?.contains("`\(name)`") == true }, "\(name)")
        }
    }
}
