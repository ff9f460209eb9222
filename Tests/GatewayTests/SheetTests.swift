import Custody
import Intake
import Reporting
import Testing

@testable import Gateway

@Suite("A sheet of referrals, each standing alone", .timeLimit(.minutes(2)))
struct SheetTests {
    private static let head =
        "Referral ID,NHS number,Family name,Date of birth,GP practice code,Referrer,Referrer organisation code,Referrer telephone,Service code,Reason for referral,Risks\n"

    private func row(_ id: String, _ number: String, _ name: String) -> String {
        "\(id),\(number),\(name),28/2/1994,D82099,Tove Lark,D82099,0113 496 0463,A9Z61,New to the town,None known\n"
    }

    private var good: [String] { [row("SP-1", "9990001464", "Tarn"), row("SP-3", "9990001723", "Brook")] }

    @Test("a bad row is held with its line, the others go on, and the sheet put right sends that row alone")
    func badRow() throws {
        let bench = try EngineBench()
        let bad = row("SP-2", "9990001597", "Sedge")
        let disposition = try #require(try bench.take(Self.head + good[0] + bad + good[1]).first)
        #expect(disposition.receipt.state == .held && !disposition.isDone)
        #expect(disposition.receipt.heldReferrals == 1 && disposition.receipt.referrals == 3)
        let note = try #require(disposition.note)
        #expect(note.contains("1 of the 3 referrals") && note.contains("letter.xml:3:"))
        #expect(!note.contains("Sedge") && !note.contains("999000"))
        #expect(bench.wakes.value == 1)
        bench.deliver()
        #expect(bench.folder.names("queue/ready").count == 2)

        let story = try bench.result(["ask": "message", "reference": .string(disposition.receipt.reference)])
        #expect(story["referrals"]?.items.map { $0["status"]?.string } == ["current", "held", "current"])
        #expect(story["referrals"]?.items[1]["cause"]?.string == "nhs-number-check-digit")

        let mended = try #require(
            try bench.take(Self.head + good[0] + row("SP-2", "9990001596", "Sedge") + good[1]).first)
        #expect(mended.receipt.state == .waiting && mended.isDone)
        bench.deliver()
        #expect(bench.folder.names("queue/ready").count == 3)
    }

    @Test("a number of the practice's that is given to another person is held")
    func numberReused() throws {
        let bench = try EngineBench()
        #expect(try bench.take(Self.head + good[0]).map(\.receipt.state) == [.waiting])
        let other = try #require(try bench.take(Self.head + row("SP-1", "9990001723", "Brook")).first)
        #expect(other.receipt.state == .held && other.receipt.kind == .conflict)
    }

    @Test("the same facts in other bytes are no second referral")
    func otherBytes() throws {
        let bench = try EngineBench()
        #expect(try bench.take(try GatewayBench.letter()).map(\.receipt.state) == [.waiting])
        let again = try #require(try bench.take(try GatewayBench.letter(change: ("<Header>", "<Header>\n\n"))).first)
        #expect(again.receipt.state == .noted && again.receipt.kind == .duplicate && again.isDone)
    }
}
