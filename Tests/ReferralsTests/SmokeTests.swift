import Testing
@testable import Referrals
