/// Every metric that the gateway gives: a closed list, so that a dashboard can rely on it.
///
/// Names follow Prometheus' conventions: base units, `_total` for what only grows. Labels come from the configuration
/// or from closed lists, never from a message. Work goals and outcomes are not here on purpose: their numbers are small
/// enough to point at a person.
package enum Metric: String, CaseIterable, Sendable {
    case buildInfo = "linkway_build_info"
    case messagesReceived = "linkway_messages_received_total"
    case messagesRejected = "linkway_messages_rejected_total"
    case messagesDuplicate = "linkway_messages_duplicate_total"
    case mappingDuration = "linkway_mapping_duration_seconds"
    case mappingWarnings = "linkway_mapping_warnings_total"
    case validationFailures = "linkway_validation_failures_total"
    case deliveryAttempts = "linkway_delivery_attempts_total"
    case deliveryDuration = "linkway_delivery_duration_seconds"
    case deliveryWithheld = "linkway_delivery_withheld_total"
    case queueMessages = "linkway_queue_messages"
    case queueOldest = "linkway_queue_oldest_seconds"
    case deadLetters = "linkway_dead_letters"
    case deadLetterOldest = "linkway_dead_letter_oldest_seconds"
    case endToEnd = "linkway_end_to_end_seconds"
    case sourceLastReceived = "linkway_source_last_received_timestamp_seconds"
    case sourceQuiet = "linkway_source_quiet"
    case sourceFailing = "linkway_source_failing"
    case inboxFiles = "linkway_inbox_files"
    case spoolBytes = "linkway_spool_bytes"
    case storeBytes = "linkway_store_bytes"
    case diskFreeBytes = "linkway_disk_free_bytes"
    case configReloads = "linkway_config_reloads_total"
    case configLastGood = "linkway_config_last_good_timestamp_seconds"
    case certificateExpiry = "linkway_certificate_expiry_timestamp_seconds"
    case alertsOpen = "linkway_alerts_open"
    case backupLastSuccess = "linkway_backup_last_success_timestamp_seconds"
    case retentionRemoved = "linkway_retention_removed_total"
    case reveals = "linkway_reveals_total"
    case httpRequestDuration = "linkway_http_request_duration_seconds"

    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package var name: String { rawValue }
    package var kind: Kind { row.kind }
    /// What it counts, for a person.
    package var help: String { row.help }
    /// The names of its labels, in the order in which values are given.
    package var labels: [String] { row.labels }

    /// Upper bounds of a histogram's buckets, in seconds.
    package var buckets: [Double] {
        switch self {
        case .mappingDuration: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1]
        case .endToEnd: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600, 14400, 86400]
        default: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        }
    }

    private var row: (kind: Kind, help: String, labels: [String]) {
        switch self {
        case .buildInfo: (.gauge, "Always 1; the labels tell which build this is.", ["version", "commit"])
        case .messagesReceived: (.counter, "Documents taken into custody.", ["source", "format"])
        case .messagesRejected: (.counter, "Documents that could not be used.", ["source", "cause"])
        case .messagesDuplicate: (.counter, "Documents that were received before.", ["source"])
        case .mappingDuration: (.histogram, "Time to read, map and check a document.", ["mapping"])
        case .mappingWarnings: (.counter, "Warnings about documents that were read.", ["mapping", "code"])
        case .validationFailures: (.counter, "Findings that held or refused a document.", ["profile", "cause"])
        case .deliveryAttempts: (.counter, "Deliveries tried.", ["route", "outcome"])
        case .deliveryDuration: (.histogram, "Time of one try of a delivery.", ["route"])
        case .deliveryWithheld: (.counter, "Referrals that may not go on a route.", ["route", "reason"])
        case .queueMessages: (.gauge, "Deliveries that wait.", ["route"])
        case .queueOldest: (.gauge, "Age of the delivery that waits longest.", ["route"])
        case .deadLetters: (.gauge, "Deliveries and messages that wait for a person.", ["cause"])
        case .deadLetterOldest: (.gauge, "Age of the oldest dead letter.", ["cause"])
        case .endToEnd: (.histogram, "Time from when a referral was owed to when its receiver had it.", ["route"])
        case .sourceLastReceived: (.gauge, "When a document of a source was last taken, since the start.", ["source"])
        case .sourceQuiet: (.gauge, "1 where a source is silent for longer than is usual, else 0.", ["source"])
        case .sourceFailing: (.gauge, "1 where a source cannot be worked on, else 0.", ["source"])
        case .inboxFiles:
            (.gauge, "Files that lie in an inbox and wait: not at rest yet, or without their marker.", ["source"])
        case .spoolBytes: (.gauge, "Bytes of payloads kept as files.", ["place"])
        case .storeBytes: (.gauge, "Bytes of the store.", ["place"])
        case .diskFreeBytes: (.gauge, "Bytes free on a disk.", ["place"])
        case .configReloads: (.counter, "Times the configuration was read again.", ["result"])
        case .configLastGood: (.gauge, "When the configuration in force was read.", [])
        case .certificateExpiry: (.gauge, "When a certificate of the configuration ends.", ["name"])
        case .alertsOpen: (.gauge, "Alerts that are open.", ["alert", "severity"])
        case .backupLastSuccess: (.gauge, "When a backup last went well; not given before the first.", [])
        case .retentionRemoved: (.counter, "Things removed because their time was over.", ["kind"])
        case .reveals: (.counter, "Times personal data were shown to an operator.", [])
        case .httpRequestDuration: (.histogram, "Time to answer a request.", ["route", "method", "status"])
        }
    }
}
