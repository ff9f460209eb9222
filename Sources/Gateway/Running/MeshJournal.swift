import Custody
import Intake
import Reporting

/// Writes down what MESH reports of messages we sent. A message that was not collected is for a person: the receiver does
/// not have the referral, though the outbox took it.
struct MeshJournal: MeshReports {
    let committer: any Committing
    let log: Log

    func report(localID: String, isDelivered: Bool, statusCode: String) throws(CustodyError) {
        let key = localID.utf8.allSatisfy { $0 == 0x2D || 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 } ? localID : "unknown"
        _ = try committer.commitAndWait([
            .note(
                event: isDelivered ? "mesh-delivered" : "mesh-not-delivered", detail: "key=\(key) status=\(statusCode)",
                actor: "mesh")
        ])
        guard !isDelivered else { return }
        log.say(
            .error, .dead, "MESH reports that a message was not collected; the receiver does not have it",
            ["key": .string(key), "cause": .string(statusCode)])
    }
}
