import CZlib
import Custody
import DurableFiles
import Glibc
import Simulation
import Synchronization
import Testing
import Reporting

@testable import Intake

/// A MESH client's folder `IN` in memory.
private struct Mailbox {
    final class Reports: MeshReports {
        let all = Mutex<[String]>([])
        func report(_ report: MeshReport) throws(CustodyError) {
            all.withLock { $0.append("\(report.localID) \(report.isDelivered) \(report.statusCode)") }
        }
    }

    let clock = SimulatedClock()
    let files: SimulatedFileSystem
    let receiver: SimulatedReceiver
    let reports = Reports()
    var settings = SourceSettings()
    var source: MeshFolderSource

    init(files: SimulatedFileSystem = SimulatedFileSystem()) {
        self.files = files
        receiver = SimulatedReceiver(files)
        settings.settle = 1_000
        settings.largest = 100_000
        try? files.makeFolder("/IN")
        source = Self.source(files, clock, receiver, reports, settings)
    }

    private static func source(
        _ files: SimulatedFileSystem, _ clock: SimulatedClock, _ receiver: SimulatedReceiver, _ reports: Reports,
        _ settings: SourceSettings
    ) -> MeshFolderSource {
        MeshFolderSource(
            "m", folder: "/IN", workflows: ["SP_REFERRAL": "itk3"], settings: settings, files: files, time: clock,
            receiver: receiver, reports: reports)
    }

    mutating func restart() { source = Self.source(files, clock, receiver, reports, settings) }

    @discardableResult
    func rounds(_ count: Int, every milliseconds: Int64 = 5_000) -> [RoundSummary] {
        (0..<count).compactMap { _ in
            clock.advance(milliseconds: milliseconds)
            return try? source.round()
        }
    }

    func drop(_ name: String, _ bytes: [UInt8]) { files.drop("/IN/" + name, bytes) }
    func drop(_ name: String, _ text: String) { drop(name, Array(text.utf8)) }

    func names(_ folder: String = "/IN") -> [String] {
        ((try? files.list(folder, limit: .max)) ?? []).filter { ![".work", "done", "failed"].contains($0) }
    }

    static func control(_ fields: String = "", type: String = "Data", workflow: String = "SP_REFERRAL") -> String {
        """
        <DTSControl><Version>1.0</Version><AddressType>DTS</AddressType><MessageType>\(type)</MessageType>
        <From_DTS>X26OT01</From_DTS><To_DTS>GPPROVIDER_9990000018_14021968_Ashworth</To_DTS>
        <Subject>About Aisha Ashworth</Subject><LocalId>A81001</LocalId><WorkflowId> \(workflow) </WorkflowId>
        \(fields)</DTSControl>
        """
    }
}

@Suite("MESH folder source")
struct MeshFolderSourceTests {
    @Test("a pair is taken with its mapping and id, and moved, whatever the case of its endings")
    func pair() {
        let mailbox = Mailbox()
        mailbox.drop("M1.dat", "one")
        mailbox.drop("m1.CTL", Mailbox.control())
        mailbox.drop("M2.DAT", "BAD")
        mailbox.drop("M2.ctl", Mailbox.control("<DTSId>20260302</DTSId>", workflow: "OTHER"))
        mailbox.rounds(3)
        #expect(mailbox.receiver.texts == ["one", "BAD"])
        #expect(mailbox.receiver.arrivals.map(\.mapping) == ["itk3", nil])
        #expect(mailbox.receiver.arrivals.map(\.transportID) == ["M1", "20260302"])
        #expect(mailbox.names().isEmpty)
        #expect(mailbox.names("/IN/done") == ["M1.ctl", "M1.dat"])
        #expect(mailbox.names("/IN/failed") == ["M2.DAT", "M2.DAT.why.txt", "M2.ctl"])
    }

    @Test("half a pair waits, and is told of once; a control file that is no whole `DTSControl` too")
    func halves() {
        let mailbox = Mailbox()
        mailbox.drop("a.dat", "one")
        mailbox.drop("b.ctl", Mailbox.control())
        mailbox.drop("c.dat", "three")
        mailbox.drop("c.ctl", "<DTSControl><Version>1.0")
        let findings = mailbox.rounds(12, every: 150_000).flatMap(\.findings)
        #expect(
            findings.map(\.code).sorted { $0.rawValue < $1.rawValue }
                == ["mesh-control-unreadable", "mesh-pair-incomplete", "mesh-pair-incomplete"])
        #expect(mailbox.receiver.texts.isEmpty && mailbox.names().count == 4)
        mailbox.drop("a.ctl", Mailbox.control())
        mailbox.drop("c.ctl", Mailbox.control())
        mailbox.rounds(3)
        #expect(mailbox.receiver.texts == ["one", "three"])
    }

    @Test("a report is matched to what was sent")
    func report() {
        let mailbox = Mailbox()
        let record = "<StatusRecord><Event>SEND</Event><Status>ERROR</Status><StatusCode>14</StatusCode></StatusRecord>"
        mailbox.drop("r.ctl", Mailbox.control(record, type: "Report"))
        let good = "<StatusRecord><Status>SUCCESS</Status><StatusCode>00</StatusCode></StatusRecord>"
        mailbox.drop("s.ctl", Mailbox.control(good, type: "Report"))
        mailbox.rounds(3)
        #expect(mailbox.reports.all.withLock { $0 } == ["A81001 false 14", "A81001 true 00"])
        #expect(mailbox.names().isEmpty && mailbox.names("/IN/done") == ["r.ctl", "s.ctl"])
    }

    @Test("an encrypted message is taken into custody unread and held")
    func encrypted() {
        let mailbox = Mailbox()
        mailbox.drop("e.dat", [1, 2, 3])
        mailbox.drop("e.ctl", Mailbox.control("<Encrypted>Y</Encrypted>"))
        mailbox.rounds(3)
        #expect(mailbox.receiver.arrivals.map(\.problem?.code) == ["mesh-encrypted"])
        #expect(mailbox.names("/IN/failed") == ["e.ctl", "e.dat", "e.dat.why.txt"])
    }

    @Test("gzip is unpacked; what is damaged or swells too much is held with its packed bytes")
    func packed() throws {
        let mailbox = Mailbox()
        let text = Array("<Referral>one</Referral>".utf8)
        let packed = Self.gzip(text)
        let bomb = Self.gzip([UInt8](repeating: 0, count: 1 << 20))
        for (name, bytes) in [("a", packed), ("b", Array(packed.dropLast(9))), ("c", bomb), ("d", packed + packed)] {
            mailbox.drop(name + ".dat", bytes)
            mailbox.drop(name + ".ctl", Mailbox.control("<IsCompressed>Y</IsCompressed>"))
        }
        mailbox.rounds(3)
        let arrivals = mailbox.receiver.arrivals
        #expect(arrivals.map(\.problem?.code) == [nil, "mesh-packed-badly", "mesh-packed-too-tightly", nil])
        #expect(arrivals.map(\.bytes) == [text, Array(packed.dropLast(9)), bomb, text + text])
    }

    @Test("nothing of whom and about what comes out of a control file")
    func privacy() {
        let mailbox = Mailbox()
        mailbox.drop("a.dat", "one")
        mailbox.drop("b.ctl", Mailbox.control())
        mailbox.drop("a.ctl", Mailbox.control("<Encrypted>Y</Encrypted>"))
        let said = "\(mailbox.rounds(12, every: 150_000)) \(mailbox.receiver.arrivals)"
        for word in ["Ashworth", "9990000018", "X26OT01", "Aisha"] { #expect(!said.contains(word)) }
    }

    @Test(
        "a fault at every operation in turn, then a clean run: each message once, each pair in one place",
        arguments: FaultSweepTests.faults)
    func sweep(fault: SimulatedFileSystem.Fault) {
        for seed in 1...3 as ClosedRange<UInt64> {
            var operation = 1
            while Self.run(fault, at: operation, seed) { operation += 1 }
            #expect(operation > 40)
        }
    }

    private static func run(_ fault: SimulatedFileSystem.Fault, at operation: Int, _ seed: UInt64) -> Bool {
        var mailbox = Mailbox(files: SimulatedFileSystem(seed: seed))
        for (name, text) in [("A", "one"), ("B", "BAD"), ("C", "three")] {
            mailbox.drop(name + ".dat", text)
            mailbox.drop(name + ".ctl", Mailbox.control())
        }
        let target = mailbox.files.operations + operation
        mailbox.files.plan(fault, at: target)
        mailbox.rounds(4)
        let isReached = mailbox.files.operations >= target
        if mailbox.files.isDown { mailbox.files.crash() }
        mailbox.restart()
        mailbox.files.heal()
        mailbox.rounds(6, every: 40_000)
        let place = Comment(rawValue: "\(fault) at \(operation), seed \(seed)")
        #expect(mailbox.receiver.taken.values.allSatisfy { $0 == 1 } && mailbox.receiver.taken.count == 3, place)
        #expect(mailbox.names().isEmpty && mailbox.names("/IN/.work").isEmpty, place)
        #expect(mailbox.names("/IN/done") == ["A.ctl", "A.dat", "C.ctl", "C.dat"], place)
        // The note's name alone may be lost in a power cut before the folder is flushed.
        #expect(mailbox.names("/IN/failed").filter { !$0.hasSuffix(".why.txt") } == ["B.ctl", "B.dat"], place)
        return isReached
    }

    /// Packs as `gzip` does.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1024)
        let room = output.count
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                _ = deflate(&stream, Z_FINISH)
            }
        }
        return Array(output[..<(room - Int(stream.avail_out))])
    }
}
