// Every screen there is: what may be shown, what may come back. kiosk/present makes a ScreenModel,
// the application draws it, the session hears the ScreenIntent.
#pragma once

#include "screens/attract_screen.hpp"
#include "screens/card_screen.hpp"
#include "screens/consent_screen.hpp"
#include "screens/face_screen.hpp"
#include "screens/goodbye_screen.hpp"
#include "screens/help_screen.hpp"
#include "screens/home_screen.hpp"
#include "screens/idle_screen.hpp"
#include "screens/language_screen.hpp"
#include "screens/leave_screen.hpp"
#include "screens/notice_message_screen.hpp"
#include "screens/notice_screen.hpp"
#include "screens/otherway_screen.hpp"
#include "screens/out_of_service_screen.hpp"
#include "screens/page_check_screen.hpp"
#include "screens/pages_screen.hpp"
#include "screens/prefilled_screen.hpp"
#include "screens/progress_screen.hpp"
#include "screens/question_choice_screen.hpp"
#include "screens/question_date_screen.hpp"
#include "screens/question_digits_screen.hpp"
#include "screens/question_text_screen.hpp"
#include "screens/reading_screen.hpp"
#include "screens/receipt_number_screen.hpp"
#include "screens/result_screen.hpp"
#include "screens/review_screen.hpp"
#include "screens/scan_screen.hpp"
#include "screens/signature_screen.hpp"
#include "screens/staff_check_screen.hpp"
#include "screens/staff_clean_screen.hpp"
#include "screens/staff_overview_screen.hpp"
#include "screens/submitting_screen.hpp"
#include "screens/voice_screen.hpp"

namespace screens {

using ScreenModel =
    std::variant<AttractModel, LanguageModel, HomeModel, NoticeModel, CardModel, PrefilledModel,
                 ConsentModel, OtherwayModel, QuestionChoiceModel, QuestionDateModel,
                 QuestionDigitsModel, QuestionTextModel, ScanModel, PageCheckModel, PagesModel,
                 ReviewModel, SignatureModel, SubmittingModel, ResultModel, GoodbyeModel, IdleModel,
                 LeaveModel, HelpModel, OutOfServiceModel, NoticeMessageModel, StaffCheckModel,
                 StaffOverviewModel, StaffCleanModel, VoiceModel, ReceiptNumberModel, ProgressModel,
                 ReadingModel, FaceModel>;

// One flat list: an intent says what was asked, the session knows which screen asked it.
using ScreenIntent =
    std::variant<FrameIntent, Action, Chosen, ShowFrom, Typed, EditKey, SwitchBoard, PickCandidate,
                 MoreCandidates, InkDrawn, InkKey, MoveCaret, Ink, base::Language, ConsentAnswer,
                 CardPress, DateStep, QuestionDatePress, QuestionDigitsPress, ScanPress,
                 PageCheckPress, PagesPress, SignaturePress, ResultPress, GoodbyePress, IdlePress,
                 LeavePress, OutOfServicePress, NoticeMessagePress, StaffCheckPress, VoicePress,
                 HomePress, ProgressPress, ReceiptNumberPress, FacePress>;

std::optional<ScreenIntent> draw(const ScreenModel& model, Canvas& canvas);

} // namespace screens
