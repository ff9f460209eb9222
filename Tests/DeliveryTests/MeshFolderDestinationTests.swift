import Custody
import Delivery
import DurableFiles
import Glibc
import Simulation
import Synchronization
import Testing

@Suite("MESH folder destination")
struct MeshFolderDestinationTests {
    static let address = MeshFolderDestination.Address(from: "X26OT01", to: "A&B<1>", workflow: "SP_REFERRAL")

    static func delivery(_ key: String, _ text: String) -> DueDelivery {
        DueDelivery(
            id: DeliveryID(rawValue: 1), message: MessageID(rawValue: 1), reference: "r", referral: "f",
            correlation: nil, route: "mesh", subject: nil, key: key, body: Array(text.utf8),
            contentType: "application/json", attempts: 0, since: Instant(milliseconds: 0))
    }

    static func send(_ deliveries: [DueDelivery], _ files: SimulatedFileSystem) -> [Handover] {
        let results = Mutex<[Handover]>([])
        let destination = MeshFolderDestination("/OUT", address, files: files)
        try? destination.prepare()
        destination.send(deliveries) { handovers in results.withLock { $0 = handovers } }
        return results.withLock { $0 }
    }

    @Test("a delivery is a pair under its key, addressed, with its key as local id")
    func pair() {
        let files = SimulatedFileSystem()
        #expect(Self.send([Self.delivery("k1", "one")], files) == [.delivered(receipt: "k1")])
        let all = files.everything()
        #expect(all["/OUT/k1.dat"] == Array("one".utf8))
        #expect(
            String(decoding: all["/OUT/k1.ctl"] ?? [], as: UTF8.self) == """
                <DTSControl>
                <Version>1.0</Version>
                <AddressType>DTS</AddressType>
                <MessageType>Data</MessageType>
                <From_DTS>X26OT01</From_DTS>
                <To_DTS>A&amp;B&lt;1&gt;</To_DTS>
                <Subject>Referral</Subject>
                <LocalId>k1</LocalId>
                <Compress>N</Compress>
                <Encrypted>N</Encrypted>
                <WorkflowId>SP_REFERRAL</WorkflowId>
                </DTSControl>

                """)
        #expect(all.count == 2)
    }

    @Test("a key that is no plain token is refused", arguments: ["", "../x", "a b", "a/b"])
    func keys(key: String) {
        let files = SimulatedFileSystem()
        #expect(
            Self.send([Self.delivery(key, "one")], files) == [.messageRefused(cause: "key-unusable", answer: [])])
        #expect(files.everything().isEmpty)
    }

    @Test(
        "a crash or fault at every operation leaves no control file without its whole document, and a repeat mends it")
    func faults() {
        let all: [SimulatedFileSystem.Fault] = [.error(EIO), .error(ENOSPC), .lostFlush, .crashBefore, .crashAfter]
        for seed in 1...5 as ClosedRange<UInt64> {
            for fault in all {
                var operation = 1
                while Self.run(fault, at: operation, seed) { operation += 1 }
            }
        }
    }

    /// - Returns: Whether the fault came.
    private static func run(_ fault: SimulatedFileSystem.Fault, at operation: Int, _ seed: UInt64) -> Bool {
        let files = SimulatedFileSystem(seed: seed)
        let deliveries = [delivery("k1", "one"), delivery("k2", "two")]
        files.plan(fault, at: operation)
        let first = send(deliveries, files)
        let isReached = files.operations >= operation
        let wasDown = files.isDown
        if wasDown { files.crash() }
        check(files, isWhole: !wasDown && first.allSatisfy { if case .delivered = $0 { true } else { false } })
        files.heal()
        #expect(send(deliveries, files) == [.delivered(receipt: "k1"), .delivered(receipt: "k2")])
        files.crash()
        check(files, isWhole: true)
        return isReached
    }

    private static func check(_ files: SimulatedFileSystem, isWhole: Bool) {
        let all = files.everything()
        for (key, text) in [("k1", "one"), ("k2", "two")] where isWhole || all["/OUT/\(key).ctl"] != nil {
            #expect(all["/OUT/\(key).ctl"]?.suffix(14).elementsEqual("</DTSControl>\n".utf8) == true)
            #expect(all["/OUT/\(key).dat"] == Array(text.utf8))
        }
    }
}
